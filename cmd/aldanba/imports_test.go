package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/aldanba/aldanba/"

// allowed says which packages of this module a package may import. Imports run
// one way: cmd → adapters → bot → detector → its parts; leaves import nothing.
var allowed = map[string][]string{
	"cmd/aldanba":               {"bot", "bot/clarify", "bot/dispatch", "bot/duelist", "bot/firstaid", "bot/hear", "bot/knowledge", "bot/media", "bot/metrics", "bot/store", "bot/story", "bot/telegram", "bot/terminal", "detector", "detector/entity", "detector/eval", "detector/judge", "detector/kazakh", "detector/link", "detector/model", "detector/scheme", "detector/text", "detector/llm", "locales", "prompts"},
	"bot/terminal":              {"bot"},
	"bot/telegram":              {"bot", "bot/dispatch"},
	"bot/telegram/telegramtest": {},
	"bot/bottest":               {"bot", "bot/clarify", "bot/firstaid", "bot/hear", "bot/knowledge", "bot/story", "detector", "locales"},
	"bot/dispatch":              {"bot"},
	"bot/metrics":               {"bot/dispatch", "bot/duelist", "bot/telegram", "detector/judge"},
	"bot/duelist":               {},
	"bot/firstaid":              {},
	"bot/story":                 {},
	"bot/interview":             {"bot/statement", "detector/entity"},
	"bot/media":                 {"bot", "detector/llm"},
	"bot/statement":             {"locales"},
	"bot/clarify":               {},
	"bot/hear":                  {"detector/text"},
	"bot/knowledge":             {"detector/text", "locales"},
	"bot/store":                 {"bot", "bot/dispatch", "bot/duelist", "bot/story", "detector"},
	"bot":                       {"bot/clarify", "bot/firstaid", "bot/hear", "bot/interview", "bot/knowledge", "bot/statement", "bot/story", "detector", "detector/entity", "detector/link", "detector/scheme", "detector/text", "locales"},
	"detector/eval":             {"detector"},
	"detector/judge":            {"detector", "detector/scheme", "detector/similar", "detector/text", "detector/llm", "prompts"},
	"detector/similar":          {},
	"detector/judge/judgetest":  {},
	"detector/llm":              {},
	"prompts":                   {},
	"detector":                  {"detector/entity", "detector/link", "detector/model", "detector/scheme", "detector/text"},
	"detector/model":            {"detector/text"},
	"detector/scheme":           {"detector/kazakh", "detector/text"},
	"detector/entity":           {"detector/kazakh", "detector/text"},
	"detector/link":             {},
	"detector/text":             {"detector/kazakh"},
	"detector/kazakh":           {},
	"locales":                   {},
}

func TestImportsRunOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		name := strings.TrimPrefix(path, module)
		may, known := allowed[name]
		if !known {
			t.Errorf("%s has no place in the plan of imports", name)
		}
		for imported := range strings.FieldsSeq(imports) {
			own, ok := strings.CutPrefix(imported, module)
			if ok && !slices.Contains(may, own) {
				t.Errorf("%s must not import %s", name, own)
			}
		}
	}
}

// oneImporter are modules that one package alone may import, so that they can
// be replaced in one place.
var oneImporter = map[string]string{
	"github.com/kljensen/snowball":      "detector/text",
	"github.com/nyaruka/phonenumbers":   "detector/entity",
	"github.com/agnivade/levenshtein":   "detector/link",
	"github.com/alecthomas/kong":        "cmd/aldanba",
	"github.com/nicksnyder/go-i18n":     "locales",
	"golang.org/x/term":                 "bot/terminal",
	"github.com/go-telegram/bot":        "bot/telegram",
	"github.com/redis/go-redis":         "bot/store",
	"go.etcd.io/bbolt":                  "bot/store",
	"github.com/sashabaranov/go-openai": "detector/llm", // the judge and the readers of files ask through it
	"github.com/sony/gobreaker":         "detector/judge",
	"github.com/makiuchi-d/gozxing":     "bot/media",
	"codeberg.org/go-pdf/fpdf":          "bot/statement",
	"github.com/go-fonts/dejavu":        "bot/statement",
}

func TestThirdPartyModulesHaveOneImporter(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		name := strings.TrimPrefix(path, module)
		for imported := range strings.FieldsSeq(imports) {
			for prefix, owner := range oneImporter {
				if strings.HasPrefix(imported, prefix) && name != owner {
					t.Errorf("%s imports %s, which belongs to %s", name, imported, owner)
				}
			}
		}
	}
}
