package locales

import "embed"

//go:embed pictures/*.png
var pictures embed.FS

// WhatsAppPictures returns two pictures (PNG) that show how a message is copied
// in WhatsApp and brought over, with the words of the language.
func WhatsAppPictures(lang string) [][]byte {
	if lang != Kazakh {
		lang = Russian
	}
	var shown [][]byte
	for _, name := range []string{"copy", "paste"} {
		if picture, err := pictures.ReadFile("pictures/whatsapp_" + name + "_" + lang + ".png"); err == nil {
			shown = append(shown, picture)
		}
	}
	return shown
}
