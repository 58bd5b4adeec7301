package link_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/link"
)

func TestTry(t *testing.T) {
	tab, err := link.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"kaspi.kz", "https://guide.kaspi.kz/x", "kaspi-bonus.top/pay", "kasp1.kz", "каsрі.kz", "kaspi.kz@evil.top", "https://kaspi.kz@evil.top/", "fortepiano.kz", "olxodka.kz", "caspian-tour.kz", "kaspiyskaya-rybalka.kz", "olx-vyplata.kz-info.su", "detyam-kz.online", "sot-tizim.top/zhsn", "appleid-kz.verify-sign.click", "akimat-tizim.click", "kcell-upd.site", "halyk-otmena.pw", "tg://login?token=1", "https://t.me/+abc", "http://3232235777/kaspi/login", "egov.vercel.app", "docs.google.com/forms/kaspi-bonus", "halykbank.kz/?redirect=https://evil.top/x", "hxxps://kaspi[.]kz[.]login-x[.]top/app.apk"} {
		f := tab.Inspect(s)
		t.Logf("%s -> %s %s %s %q %v", s, f.Domain, f.Class, f.Brand, link.Defang(s), f.Facts)
	}
}
