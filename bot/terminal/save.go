package terminal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aldanba/aldanba/bot"
)

// maxSame is how many files of one name are kept side by side.
const maxSame = 100

// save writes a file that only its owner may read, beside those of the same
// name, and gives its path.
func save(dir string, file bot.Attachment) (string, error) {
	base := filepath.Base(filepath.Clean("/" + file.Name))
	ext := filepath.Ext(base)
	for n := 1; n <= maxSame; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(base, ext), n, ext)
		}
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(file.Data)
		return path, errors.Join(err, f.Close())
	}
	return "", fs.ErrExist
}
