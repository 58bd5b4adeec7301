package telegram

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// Reason says in one word how a call ended, for metrics and logs.
type Reason string

// The reasons.
const (
	Done         Reason = "ok"
	Limited      Reason = "limited"        // 429: more than Telegram allows
	Gone         Reason = "gone"           // blocked, kicked, deleted
	Refused      Reason = "refused"        // 400: the call will never be accepted
	Unchanged    Reason = "unchanged"      // an edit that changes nothing
	Vanished     Reason = "vanished"       // what was to be edited is not there any more
	Moved        Reason = "moved"          // the group has another id
	Unauthorized Reason = "unauthorized"   // 401, 404: the token is wrong
	Conflict     Reason = "conflict"       // 409: somebody else reads the updates
	ServerFault  Reason = "server"         // 5xx
	LineFault    Reason = "network"        // no answer
	Canceled     Reason = "out_of_time"    // the caller's time ran out
	Unexpected   Reason = "not_understood" // the answer is none that is known
)

// goneWords are in Telegram's descriptions of refusals that mean the chat.
var goneWords = []string{
	"chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was kicked", "bot was blocked",
	"group chat was deactivated", "group is deactivated", "not a member", "chat_id is empty",
}

// refusalReasons tell refusals apart that are to be treated differently.
var refusalReasons = []struct {
	words  string
	reason Reason
}{
	{"message is not modified", Unchanged},
	{"message to edit not found", Vanished},
	{"message can't be edited", Vanished},
	{"message_id_invalid", Vanished},
}

// reasonOf names the class of an error of a call.
func reasonOf(err error) Reason {
	var answer *apiError
	var line *lineError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &answer):
		return answer.reason()
	case errors.As(err, &line):
		return LineFault
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Canceled
	case errors.Is(err, dispatch.ErrRefused):
		return Refused
	}
	return Unexpected
}

func (e *apiError) reason() Reason {
	words := strings.ToLower(e.description)
	switch {
	case e.migrateTo != 0:
		return Moved
	case e.code == http.StatusTooManyRequests:
		return Limited
	case e.code == http.StatusForbidden:
		return Gone
	case e.code == http.StatusUnauthorized, e.code == http.StatusNotFound:
		return Unauthorized
	case e.code == http.StatusConflict:
		return Conflict
	case e.code >= http.StatusInternalServerError:
		return ServerFault
	}
	for _, gone := range goneWords {
		if strings.Contains(words, gone) {
			return Gone
		}
	}
	for _, refusal := range refusalReasons {
		if strings.Contains(words, refusal.words) {
			return refusal.reason
		}
	}
	return Refused
}

// CallError is a call that failed. It tells what was called and the class of
// the failure, and nothing of what was sent or to whom.
type CallError struct {
	Method string
	Reason Reason
	class  error // dispatch.ErrGone, dispatch.ErrRefused, an error of the context, or nil
	detail string
}

// Error names method and class.
func (e *CallError) Error() string {
	text := "telegram: " + e.Method + ": " + string(e.Reason)
	if e.detail != "" {
		text += ": " + e.detail
	}
	return text
}

// Unwrap gives the class in terms of dispatch or of the context, where it has one.
func (e *CallError) Unwrap() error { return e.class }

// unauthorizedWhy says, by the status of HTTP, what whoever runs the bot is to look at.
var unauthorizedWhy = map[int]string{
	http.StatusUnauthorized: ": the token of the bot is not accepted, compare it with what @BotFather says",
	http.StatusNotFound:     ": the token or the address of the Bot API is wrong, or the server does not know this call",
}

// failure turns the error of a call into one that may be shown.
func failure(method string, err error) error {
	if err == nil {
		return nil
	}
	e := &CallError{Method: method, Reason: reasonOf(err)}
	var answer *apiError
	var line *lineError
	switch {
	case errors.As(err, &answer):
		e.detail = answer.Error() + unauthorizedWhy[answer.code]
	case errors.As(err, &line):
		e.detail = line.Error()
	}
	switch e.Reason {
	case Gone:
		e.class = dispatch.ErrGone
	case Refused, Vanished, Unchanged:
		e.class = dispatch.ErrRefused
	case Canceled:
		e.class = context.Canceled
		if errors.Is(err, context.DeadlineExceeded) {
			e.class = context.DeadlineExceeded
		}
	}
	return e
}
