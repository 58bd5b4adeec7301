// Package llm is the client of services that speak OpenAI's protocol: OpenAI
// itself, Azure, vLLM, Ollama, llama.cpp. It bounds what is read, tries once
// more where that helps, and gives errors by class. No error of it holds a word
// of what was sent or answered.
package llm

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// Config says where the service is.
type Config struct {
	BaseURL string       // such as https://api.openai.com/v1
	Key     string       // may be empty
	HTTP    *http.Client // carries the requests; nil: one that follows no redirects
}

// Client asks a service. It is safe for concurrent use.
type Client struct{ api *openai.Client }

// ErrAddress says that the address of the service cannot be used.
var ErrAddress = errors.New("llm: the address of the service is not an http or https address")

// New makes a client; no call is made.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, ErrAddress
	}
	client := c.HTTP
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	config := openai.DefaultConfig(c.Key)
	config.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	config.HTTPClient = &carrier{client}
	return &Client{openai.NewClientWithConfig(config)}, nil
}

// Role says who speaks.
type Role string

// The roles.
const (
	System    Role = openai.ChatMessageRoleSystem
	User      Role = openai.ChatMessageRoleUser
	Assistant Role = openai.ChatMessageRoleAssistant
)

// Message is one message of a request.
type Message struct {
	Role Role
	Text string
	JPEG []byte // a picture beside the text, or nil
}

// Format says in which form a reply is asked for.
type Format int32

// The formats, the strictest first.
const (
	Schema Format = iota // held to a JSON schema
	Object               // some JSON object
	Plain                // text
)

// Request is one question to a model.
type Request struct {
	Model     string
	Messages  []Message
	MaxTokens int // of the reply
	Format    Format
	Schema    json.RawMessage // with the format Schema
}

// Usage is what a request cost, in tokens; zero where the service does not say.
type Usage struct{ In, Out int }

// Reply is what the model said.
type Reply struct {
	Text    string
	Refused bool // the model, or the filter before it, does not want to answer
	Cut     bool // the reply was longer than it might be
	Usage   Usage
}

// schemaName is the name of the schema in a request.
const schemaName = "reply"

// Complete asks a model. The error is an *Error.
func (c *Client) Complete(ctx context.Context, r Request) (Reply, error) {
	answer, err := c.api.CreateChatCompletion(ctx, r.wire())
	if err != nil {
		return Reply{}, classify(ctx, err)
	}
	usage := Usage{In: answer.Usage.PromptTokens, Out: answer.Usage.CompletionTokens}
	if len(answer.Choices) == 0 {
		return Reply{Usage: usage}, &Error{Class: Malformed}
	}
	first := answer.Choices[0]
	return Reply{
		Text:    first.Message.Content,
		Refused: first.Message.Refusal != "" || first.FinishReason == openai.FinishReasonContentFilter,
		Cut:     first.FinishReason == openai.FinishReasonLength,
		Usage:   usage,
	}, nil
}

// Body gives the request as it goes over the wire, in JSON.
func (r Request) Body() ([]byte, error) { return json.Marshal(r.wire()) }

func (r Request) wire() openai.ChatCompletionRequest {
	request := openai.ChatCompletionRequest{Model: r.Model, MaxCompletionTokens: r.MaxTokens}
	for _, m := range r.Messages {
		request.Messages = append(request.Messages, messageOf(m))
	}
	switch r.Format {
	case Schema:
		request.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: schemaName, Schema: r.Schema, Strict: true},
		}
	case Object:
		request.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	return request
}

func messageOf(m Message) openai.ChatCompletionMessage {
	if m.JPEG == nil {
		return openai.ChatCompletionMessage{Role: string(m.Role), Content: m.Text}
	}
	return openai.ChatCompletionMessage{Role: string(m.Role), MultiContent: []openai.ChatMessagePart{
		{Type: openai.ChatMessagePartTypeText, Text: m.Text},
		{Type: openai.ChatMessagePartTypeImageURL, ImageURL: &openai.ChatMessageImageURL{
			URL: "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(m.JPEG)}},
	}}
}

// Transcribe asks a model for the words of a sound. The ending, such as ".ogg",
// tells the service the format. The error is an *Error.
func (c *Client) Transcribe(ctx context.Context, model string, sound []byte, ending string) (string, error) {
	answer, err := c.api.CreateTranscription(ctx, openai.AudioRequest{
		Model:    model,
		FilePath: "sound" + ending,
		Reader:   bytes.NewReader(sound),
		Format:   openai.AudioResponseFormatJSON,
	})
	if err != nil {
		return "", classify(ctx, err)
	}
	return answer.Text, nil
}

// Class is a class of errors, fit for logs and metrics.
type Class string

// The classes.
const (
	Timeout   Class = "timeout"   // no answer in time
	Busy      Class = "busy"      // 429
	Broken    Class = "broken"    // 5xx
	Unfit     Class = "unfit"     // 400 and its kin: the service does not take such a request
	Forbidden Class = "forbidden" // the key or the model is not right
	Network   Class = "network"   // the connection failed
	Malformed Class = "malformed" // the answer is not what the protocol says
)

// Error is a request that failed. It names the class alone: what a service
// writes about an error may quote the message.
type Error struct {
	Class  Class
	Status int // of HTTP, 0 where there was none
}

func (e *Error) Error() string { return "llm: the request failed: " + string(e.Class) }

// ClassOf gives the class of an error of this package.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ""
}

func classify(ctx context.Context, err error) error {
	var api *openai.APIError
	var request *openai.RequestError
	var network net.Error
	status := 0
	switch {
	case errors.As(err, &api):
		status = api.HTTPStatusCode
	case errors.As(err, &request):
		status = request.HTTPStatusCode
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return &Error{Class: Timeout, Status: status}
	case status == http.StatusTooManyRequests:
		return &Error{Class: Busy, Status: status}
	case status >= http.StatusInternalServerError:
		return &Error{Class: Broken, Status: status}
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusPaymentRequired:
		return &Error{Class: Forbidden, Status: status}
	case status >= http.StatusMultipleChoices:
		return &Error{Class: Unfit, Status: status}
	case errors.As(err, new(*url.Error)):
		return &Error{Class: Network}
	}
	return &Error{Class: Malformed, Status: status}
}
