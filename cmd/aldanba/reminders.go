package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
)

// kindReminder names reminders in the due-list.
const kindReminder = "reminder"

// reminders keeps what the bot has promised to say in the due-list.
type reminders struct{ list duelist.Store }

// Schedule implements bot.Reminders.
func (r reminders) Schedule(ctx context.Context, person string, promise bot.Reminder) error {
	late := duelist.Drop
	if promise.Merge {
		late = duelist.Merge
	}
	return r.list.Schedule(ctx, duelist.Item{
		ID: reminderID(person, promise.ID), Person: person, Kind: kindReminder, Due: promise.Due,
		Late: late, Grace: promise.Grace, Quiet: !promise.Night, Payload: []byte(promise.Say),
	})
}

// Cancel implements bot.Reminders.
func (r reminders) Cancel(ctx context.Context, person, id string) error {
	return r.list.Cancel(ctx, reminderID(person, id))
}

func reminderID(person, id string) string { return kindReminder + " " + id + " " + person }

// reminding is the part of the bot that knows what to say.
type reminding interface {
	Remind(ctx context.Context, person, say string) (reply bot.Reply, ok bool, err error)
}

// sender brings what nobody waits for to a chat. The adapter of Telegram is one.
type sender interface {
	SendBulk(ctx context.Context, chat string, r bot.Reply) (id string, err error)
}

// goneChats remembers chats that take nothing any more.
type goneChats interface {
	Gone(ctx context.Context, chat string) error
}

// remind says reminders that are due. What the chat does not take now is tried
// again later; what it will never take is dropped.
func remind(talker reminding, to sender, chats goneChats, log *slog.Logger) duelist.Handler {
	return func(ctx context.Context, lease duelist.Lease) error {
		reply, ok, err := talker.Remind(ctx, lease.Person, string(lease.Payload))
		if err != nil || !ok {
			return err
		}
		_, err = to.SendBulk(ctx, lease.Person, reply)
		switch {
		case errors.Is(err, dispatch.ErrGone):
			return chats.Gone(ctx, lease.Person)
		case errors.Is(err, dispatch.ErrRefused):
			log.Warn("a reminder was refused")
			return nil
		}
		return err
	}
}
