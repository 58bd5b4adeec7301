// Package dispatch brings updates of a messenger to the bot and its answers
// back: in order within a chat, many chats side by side, nothing lost.
package dispatch
