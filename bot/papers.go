package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

// Fetcher hands over a file that came with a message.
type Fetcher func(ctx context.Context, file File) (io.ReadCloser, error)

// Make makes the papers of a person's interview: what is handed over when the
// answer said Making. It fetches the originals, which takes time, so it is not
// to hold up what else the person does; its result goes to Handle as
// Event.Made. Without a draft, or where the memory fails, there are no replies.
// Calls for one person give the same replies as long as the draft stays.
func (b *Bot) Make(ctx context.Context, person string, fetch Fetcher) (Papers, error) {
	t, err := b.turn(ctx, person)
	if err != nil || !t.writes() {
		return Papers{}, err
	}
	d, _ := t.draft(ctx)
	if d == nil {
		return Papers{}, t.err
	}
	m := maker{turn: t, draft: d, of: d.Papers(), fetch: fetch}
	return m.make(ctx)
}

// maker makes the papers of one draft.
type maker struct {
	*turn
	draft   *interview.Draft
	of      statement.Case
	fetch   Fetcher
	papers  Papers
	fetched int // files that are whole
}

func (m *maker) make(ctx context.Context) (Papers, error) {
	writer := statement.New(m.Texts, m.Contacts)
	police := writer.Statement(m.of)
	if err := m.attach(m.askText("paper_statement", nil), police); err != nil {
		return Papers{}, err
	}
	banks := m.of.Banks
	if len(banks) == 0 {
		banks = []string{""}
	}
	for _, bank := range banks {
		words := m.askText("paper_letter", nil)
		if bank != "" {
			words = m.askText("paper_letter_to", map[string]any{"Answer": cutTo(bank, maxTold)})
		}
		if err := m.attach(words, writer.Letter(m.of, bank)); err != nil {
			return Papers{}, err
		}
	}
	m.add(m.askText("paper_text", nil), Attachment{Name: police.Name + ".txt", MIME: "text/plain", Data: []byte(police.Text())})
	if len(m.of.Messages) > 0 {
		var pack bytes.Buffer
		if err := writer.Pack(ctx, &pack, m.of, m.open); err != nil {
			return Papers{}, err
		}
		m.add(m.askText("paper_pack", nil), Attachment{Name: writer.PackName(m.of), MIME: "application/zip", Data: pack.Bytes()})
	}
	last := Reply{Text: m.askText(m.whose("hand_in", m.draft), nil), Choices: m.always()}
	if missed := len(m.draft.Files()) - m.fetched + m.draft.Missed; missed > 0 {
		last.Text += "\n" + m.Texts.Plural(m.lang(), locales.AskPrefix+"unfetched", missed, nil)
	}
	m.papers.Replies = append(m.papers.Replies, last)
	return m.papers, nil
}

// attach adds a paper as PDF.
func (m *maker) attach(words string, paper statement.Document) error {
	data, err := paper.PDF()
	if err != nil {
		return err
	}
	m.add(words, Attachment{Name: paper.Name + ".pdf", MIME: "application/pdf", Data: data})
	return nil
}

func (m *maker) add(words string, file Attachment) {
	m.papers.Replies = append(m.papers.Replies, Reply{
		Text: words, Attached: []Attachment{file}, Instead: m.askText("unsent", nil),
	})
}

// errNoFetcher says that no messenger keeps files here.
var errNoFetcher = errors.New("there is nothing to fetch files from")

// open fetches an original and counts it when it has come whole.
func (m *maker) open(ctx context.Context, f statement.File) (io.ReadCloser, error) {
	if m.fetch == nil {
		return nil, errNoFetcher
	}
	r, err := m.fetch(ctx, File{Ref: f.Ref, Name: f.Name, Size: f.Size})
	if err != nil {
		return nil, err
	}
	return &whole{ReadCloser: r, m: m}, nil
}

// whole counts a file when its end was read.
type whole struct {
	io.ReadCloser
	m    *maker
	done bool
}

// Read reads on.
func (w *whole) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if err == io.EOF && !w.done {
		w.done = true
		w.m.fetched++
	}
	return n, err
}

// handOver hands over papers that were made, unless the person has erased the
// draft meanwhile.
func (t *turn) handOver(ctx context.Context, made *Papers) Answer {
	d, good := t.draft(ctx)
	switch {
	case !good:
		return said(t.reply("not_our_fault"))
	case d == nil:
		return said(t.begunAnew("nothing"))
	case len(made.Replies) == 0:
		again := Choice{ID: prefixAsk + "make", Label: t.askText("choice_make", nil)}
		return said(Reply{Text: t.askText("unmade", nil), Choices: append([]Choice{again, t.goOn()}, t.always()...)})
	}
	return Answer{Replies: made.Replies, Handed: true}
}

// Delivered erases a draft whose papers have reached the person.
func (b *Bot) Delivered(ctx context.Context, person string) error {
	if b.Drafts == nil {
		return nil
	}
	if err := b.Drafts.EraseDraft(ctx, person); err != nil {
		return err
	}
	session, err := b.Sessions.Load(ctx, person)
	if err != nil || session.Draft.IsZero() {
		return err
	}
	session.Draft = time.Time{}
	return b.Sessions.Save(ctx, person, session)
}
