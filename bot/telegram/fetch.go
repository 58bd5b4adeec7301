package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// fetchTime bounds a download where the caller's time does not.
const fetchTime = time.Minute

// errFileSize says that a file is larger than the Bot API hands over.
var errFileSize = fmt.Errorf("telegram: the file is larger than 20 MB: %w", dispatch.ErrRefused)

// Fetch opens a file. It comes from the configured server only, reading stops
// with an error after 20 MB, and ends with ctx. Close it. Errors as of Send;
// none tells the address, which holds the token.
func (a *Adapter) Fetch(ctx context.Context, file bot.File) (io.ReadCloser, error) {
	if file.Size > maxFile {
		return nil, errFileSize
	}
	var found *models.File
	err := a.call(ctx, outgoing{method: "getFile", do: func(ctx context.Context, _ int64) (err error) {
		found, err = a.bot.GetFile(ctx, &tg.GetFileParams{FileID: file.Ref})
		return err
	}})
	if err != nil {
		return nil, err
	}
	if found.FileSize > maxFile {
		return nil, errFileSize
	}
	address, err := a.fileURL(found.FilePath)
	if err != nil {
		a.log.Error("telegram: a file cannot be fetched", "error", err)
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	started := time.Now()
	body, err := a.download(ctx, address)
	a.observer.Called("download", reasonOf(err), time.Since(started))
	if err != nil {
		cancel()
		return nil, failure("download", err)
	}
	return &download{body: body, ctx: ctx, cancel: cancel, left: maxFile}, nil
}

// fileURL gives the address of a file by the path that getFile names.
func (a *Adapter) fileURL(path string) (string, error) {
	switch {
	case strings.HasPrefix(path, "/") || strings.Contains(path, `:\`):
		return "", fmt.Errorf("telegram: the Bot API server runs in local mode and keeps its files to itself; start it without --local: %w", dispatch.ErrRefused)
	case path == "":
		return "", fmt.Errorf("telegram: the file has no path: %w", dispatch.ErrRefused)
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s == "" || s == "." || s == ".." {
			return "", fmt.Errorf("telegram: the path of the file is not valid: %w", dispatch.ErrRefused)
		}
		segments[i] = url.PathEscape(s)
	}
	return a.apiURL + "/file/bot" + a.token + "/" + strings.Join(segments, "/"), nil
}

// download begins to read a file. One that fails is not tried again: another
// attempt begins with getFile.
func (a *Adapter) download(ctx context.Context, address string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &lineError{what: "the address is not valid"}
	}
	resp, err := a.client.line.RoundTrip(req)
	if err != nil {
		return nil, lineFailure(ctx, err)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusOK && resp.ContentLength <= maxFile:
		return resp.Body, nil
	case code == http.StatusOK:
		err = errFileSize
	case code == http.StatusTooManyRequests || code >= http.StatusInternalServerError:
		err = &apiError{code: code}
	default: // the path has run out, for one
		err = &apiError{code: http.StatusBadRequest}
	}
	resp.Body.Close()
	return nil, err
}

// download is a file that is being read.
type download struct {
	body   io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
	left   int64
}

// Read reads on. Its errors tell no address.
func (d *download) Read(p []byte) (int, error) {
	if d.left < 0 {
		return 0, errFileSize
	}
	// One byte more than allowed tells whether there is more.
	if int64(len(p)) > d.left+1 {
		p = p[:d.left+1]
	}
	n, err := d.body.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, errFileSize
	}
	if err != nil && err != io.EOF {
		err = failure("download", lineFailure(d.ctx, err))
	}
	return n, err
}

// Close ends the download.
func (d *download) Close() error {
	defer d.cancel()
	return d.body.Close()
}
