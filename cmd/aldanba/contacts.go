package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/aldanba/aldanba/locales"
)

type contactsCommand struct {
	Unverified bool `help:"Only the numbers that nobody has confirmed yet; people are not shown these."`
}

// Run lists the numbers.
func (c *contactsCommand) Run(w *world) error {
	contacts, err := w.contacts()
	if err != nil {
		return err
	}
	rows := contacts.All()
	if c.Unverified {
		rows = contacts.Unverified()
	}
	table := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNUMBER\tSHOWN\tCONFIDENCE\tDATE\tOWNER\tSOURCE")
	for _, row := range rows {
		shown := "no, call to confirm"
		if row.Shown() {
			shown = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, row.Number, shown, row.Confidence, row.Date, row.Owner(locales.Russian), row.Source)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "\n%d numbers, %d want a call. Confirm or correct them in a file named by ALDANBA_CONTACTS.\n", len(contacts.All()), len(contacts.Unverified()))
	return nil
}
