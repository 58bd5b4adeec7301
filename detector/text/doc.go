// Package text turns what a person pasted into words that rules can be matched against.
//
// It folds the text (NFKC, lower case, ё to е, no invisible characters), undoes the disguises with which
// senders of scams hide words from filters, cuts the result into words and numbers, guesses the language
// and stems every word for Russian and for Kazakh. Every token keeps its byte span in the original text,
// so that a quote shows what the person saw.
//
// The text is treated as hostile: the cost is linear in its length whatever it holds.
package text
