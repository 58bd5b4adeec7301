package bot

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/firstaid"
)

// Reminder is something that the bot has promised to say later.
type Reminder struct {
	ID    string        // a reminder of the person with the same id is replaced
	Due   time.Time     // when
	Grace time.Duration // how late it may still be said as it is
	Merge bool          // of those that are found later than that the last is said; otherwise none
	Night bool          // it may be said at night, too
	Say   string        // what is to be said, for Remind
}

// Reminders keeps what was promised and has it said with Remind. Forgetting a
// person deletes theirs.
type Reminders interface {
	Schedule(ctx context.Context, person string, r Reminder) error
	// Cancel deletes the reminder with the id, if there is one.
	Cancel(ctx context.Context, person, id string) error
}

// reminderTimes are the times of the reminders of a tree, in its order. The
// first is about what cannot wait: not even for the end of the night, and not
// to be said at all when it is too late.
var reminderTimes = [firstaid.Reminders]struct {
	id     string
	after  time.Duration
	grace  time.Duration
	urgent bool
}{
	{"hour", time.Hour, 3 * time.Hour, true},
	{"day", 24 * time.Hour, 6 * time.Hour, false},
	{"week", 7 * 24 * time.Hour, 24 * time.Hour, false},
	{"month", 30 * 24 * time.Hour, 24 * time.Hour, false},
}

const (
	// prefixRemind begins remind:<tree>:<m or r>:yes, remind:no and remind:stop.
	prefixRemind = "remind:"
	stop         = "stop"
	// remindPolice is the reminder of the paper of the police.
	remindPolice = "police"
)

// reminderChoices are the answers to whether the person wants reminders.
func (t *turn) reminderChoices(p firstaid.Place) []Choice {
	tree := firstaid.Place{Tree: p.Tree, Relative: p.Relative}
	return []Choice{
		{ID: prefixRemind + tree.Key() + ":" + yes, Label: t.aidText("choice_remind_yes")},
		{ID: prefixRemind + no, Label: t.aidText("choice_remind_no")},
	}
}

func (t *turn) stopReminders() Choice {
	return Choice{ID: prefixRemind + stop, Label: t.aidText("choice_remind_stop")}
}

// answerReminders answers whether the person wants reminders.
func (t *turn) answerReminders(ctx context.Context, id string) (Reply, bool) {
	value, ours := strings.CutPrefix(id, prefixRemind)
	if !ours || t.Reminders == nil || t.group { // nobody agrees for a group
		return Reply{}, false
	}
	switch value {
	case no:
		return t.reply("aid.remind_no"), true
	case stop:
		t.session.Reminders = Refused
		for _, r := range reminderTimes {
			if err := t.Reminders.Cancel(ctx, t.person, r.id); err != nil {
				t.err = err
				return t.reply("not_our_fault"), true
			}
		}
		return t.reply("aid.remind_stopped"), true
	}
	key, agreed := strings.CutSuffix(value, ":"+yes)
	p, _, ok := t.Trees.Parse(key)
	tree, _ := t.Trees.Tree(p.Tree)
	if !agreed || !ok || len(tree.Remind) == 0 {
		return Reply{}, false
	}
	return t.remindOf(ctx, tree, p), true
}

// remindOf schedules the reminders of a tree. It is what the person has agreed
// to be remembered for.
func (t *turn) remindOf(ctx context.Context, tree firstaid.Tree, p firstaid.Place) Reply {
	now := t.now()
	for i, r := range reminderTimes {
		err := t.Reminders.Schedule(ctx, t.person, Reminder{
			ID: r.id, Due: now.Add(r.after), Grace: r.grace, Merge: !r.urgent, Night: r.urgent,
			Say: strconv.Itoa(i) + ":" + firstaid.Place{Tree: p.Tree, Relative: p.Relative}.Key(),
		})
		if err != nil {
			t.err = err
			return t.reply("not_our_fault")
		}
	}
	t.session.Consent, t.session.ConsentAsked, t.session.Reminders = Agreed, true, Agreed
	if tree.Loss {
		t.session.Lost = now
	}
	reply := t.reply("aid.remind_yes")
	reply.Choices = append([]Choice{t.stopReminders()}, reply.Choices...)
	return reply
}

// Remind gives what is to be said for a reminder that is due; say is Reminder.Say.
// ok is false where nothing is to be said any more. The error is that of the
// memory: then it may be tried again.
func (b *Bot) Remind(ctx context.Context, person, say string) (reply Reply, ok bool, err error) {
	t, err := b.turn(ctx, person)
	if err != nil || t.session.Reminders != Agreed {
		return Reply{}, false, err
	}
	number, key, _ := strings.Cut(say, ":")
	i, err := strconv.Atoi(number)
	p, _, known := b.Trees.Parse(key)
	tree, _ := b.Trees.Tree(p.Tree)
	if err != nil || !known || i < 0 || i >= len(tree.Remind) {
		return Reply{}, false, nil // of a version whose trees were others
	}
	reply = Reply{Text: t.aidText("remind_" + tree.Remind[i])}
	steps := t.continuing()
	if len(steps) == 0 {
		steps = []Choice{t.toPlace(firstaid.Place{Tree: p.Tree, Relative: p.Relative}, t.aidText("choice_remind_steps"))}
	}
	if tree.Remind[i] == remindPolice {
		steps = append(steps, t.toStatement(p)...)
	}
	reply.Choices = append(append(steps, t.stopReminders()), t.always()...)
	return reply, true, nil
}
