package entity_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/detector/entity"
)

func newFinder(t testing.TB) *entity.Finder {
	t.Helper()
	f, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// found lists the entities of kind in s as "value".
func found(f *entity.Finder, s string, kind entity.Kind) []string {
	var out []string
	for _, e := range f.Find(s) {
		if e.Kind == kind {
			out = append(out, e.Value)
		}
	}
	return out
}

// finds checks for every text the values of one kind; no values for a text
// that must not be mistaken for it.
func finds(t *testing.T, kind entity.Kind, tests map[string][]string) {
	t.Helper()
	f := newFinder(t)
	for text, want := range tests {
		if diff := cmp.Diff(want, found(f, text, kind)); diff != "" {
			t.Errorf("%s in %q (-want +got):\n%s", kind, text, diff)
		}
	}
}

func TestCards(t *testing.T) {
	const visa, master = "4242424242424242", "5454545454545454"
	finds(t, entity.Card, map[string][]string{
		"4242424242424242":                          {visa},
		"карта 4242 4242 4242 4242":                 {visa},
		"4242-4242-4242-4242":                       {visa},
		"4242.4242.4242.4242":                       {visa},
		"4242\u00a04242\u00a04242\u00a04242":        {visa},
		"4242\n4242\n4242\n4242":                    {visa},
		"42\u200b42 4242\u200d 4242 4242":           {visa},
		"картам5454545454545454ге сал":              {master},
		"４２４２ ４２４２ ４２４２ ４２４２":                       {visa},
		"٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢":                       {visa},
		"𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐":                          {visa},
		"4️⃣2️⃣4️⃣2️⃣ 4242 4242 4242":               {visa},
		"4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2":           {visa},
		"4111 1111 1111 1111 5454 5454 5454 5454":   {"4111111111111111", master},
		"kartam 4000000000000002 sal":               {"4000000000000002"},
		"3782 822463 10005":                         {"378282246310005"},
		"4242 4242 4242 4242 12/27 123":             {visa},
		"карта 4242 4242 4242 4241":                 nil,
		"заказ 1234567890123456":                    nil,
		"12.05.2026 14:30, 13.05.2026 15:00":        nil,
		"+7 700 000 00 01 +7 700 000 00 02":         nil,
		"сумма 4 242 424 242 тг за 4242 дня и 42 ч": nil,
		"0000 0000 0000 0000":                       nil,
	})
}

func TestCardIsShownWithFirstAndLastDigits(t *testing.T) {
	got := newFinder(t).Find("4242 4242 4242 4242")
	if len(got) != 1 || got[0].Masked != "4••• •••• •••• 4242" {
		t.Errorf("got %+v", got)
	}
}

func TestCVVAndExpiryOnlyBesideACardOrTheirWords(t *testing.T) {
	finds(t, entity.CVV, map[string][]string{
		"4242 4242 4242 4242 12/27 123":     {"123"},
		"4242424242424242, 12/27, cvv: 456": {"456"},
		"CVV 123":                           {"123"},
		"свв код 321":                       {"321"},
		"код на обороте 987 назовите":       {"987"},
		"артындағы үш санды айт: 456":       {"456"},
		"cvc 1 2 3":                     {"123"},
		"дом 123":                       nil,
		"4242 4242 4242 4242 на 500 тг": nil,
		"автобус 123":                   nil,
	})
	finds(t, entity.Expiry, map[string][]string{
		"4242 4242 4242 4242 12/27 123":      {"12/27"},
		"4242 4242 4242 4242 до 09.2028":     {"09/28"},
		"срок действия карты 11/28":          {"11/28"},
		"4242424242424242 срок 0927 cvv 123": {"09/27"},
		"4242424242424242|12|2027|123":       {"12/27"},
		"4242424242424242 до 12:30":          nil,
		"мерзімі 03/29":                      {"03/29"},
		"встреча 12/27":                      nil,
		"12.05.2026":                         nil,
		"4242 4242 4242 4242 от 12.05.26":    nil,
	})
}

func TestIBANs(t *testing.T) {
	finds(t, entity.IBAN, map[string][]string{
		"KZ86125KZT5004100100":                    {"KZ86125KZT5004100100"},
		"счёт KZ75 125K ZT20 6910 0100":           {"KZ75125KZT2069100100"},
		"kz18722c0000test0001":                    {"KZ18722C0000TEST0001"},
		"KZ72601C0000TEST0001":                    {"KZ72601C0000TEST0001"},
		"ИИК:KZ56856C0000TEST0001.":               {"KZ56856C0000TEST0001"},
		"KZ29965C0000TEST0001тенге":               {"KZ29965C0000TEST0001"},
		"KZ39551C0000TEST0001":                    {"KZ39551C0000TEST0001"},
		"КЗ86125КZТ5004100100":                    {"KZ86125KZT5004100100"},
		"K786125KZT5OO41OO1OO":                    {"KZ86125KZT5004100100"},
		"K Z 8 6 1 2 5 K Z T 5 0 0 4 1 0 0 1 0 0": {"KZ86125KZT5004100100"},
		"KZ00123456789012345C":                    nil,
		"KZ689261501234567890":                    nil,
		"kz домен и 12345678901234567890":         nil,
		"казахстан2026 год, 20 тысяч тенге":       nil,
	})
}

func TestIBANNamesItsBank(t *testing.T) {
	f := newFinder(t)
	for iban, want := range map[string]string{
		"KZ18722C0000TEST0001": "Kaspi",
		"KZ72601C0000TEST0001": "Halyk",
		"KZ56856C0000TEST0001": "БЦК / BCC",
		"KZ86125KZT5004100100": "NBK",
	} {
		got := f.Find("счёт " + iban)
		if len(got) != 1 || got[0].Bank != want || got[0].Masked != "KZ•• … "+iban[16:] {
			t.Errorf("%s: got %+v, want bank %s", iban, got, want)
		}
	}
}

func TestIINs(t *testing.T) {
	tests := map[string][]string{
		"ИИН 971240-001315":       {"971240001315"},
		"9712 4000 1315":          {"971240001315"},
		"9 7 1 2 4 0 0 0 1 3 1 5": {"971240001315"},
		"жсн971240001315":         {"971240001315"},
		"12.05.2026 14:30":        nil,
		"990131301601":            nil,
	}
	for _, valid := range strings.Fields("971240001315 940140000385 980640000093 990740000683 030740001404 920140000084 930740000137 " +
		"920440001102 990101000004 791028302728 930540000147 930340001235 061211600012 101313000709") {
		tests["БИН "+valid] = []string{valid}
	}
	for _, invalid := range strings.Fields("123456789012 900101300000 971240001316 000000000001") {
		tests["БИН "+invalid] = nil
	}
	for last := '0'; last <= '9'; last++ { // no check digit exists for this beginning
		tests["99013130160"+string(last)] = nil
	}
	finds(t, entity.IIN, tests)
}

func TestPhones(t *testing.T) {
	const one = "+77000000001"
	finds(t, entity.Phone, map[string][]string{
		"+7 700 000 00 01":        {one},
		"+7(700)000-00-01":        {one},
		"8 700 000 00 01":         {one},
		"8-700-000-00-01":         {one},
		"8(700)0000001":           {one},
		"87000000001":             {one},
		"77000000001":             {one},
		"700 000 00 01":           {one},
		"7000000001":              {one},
		"+7.700.000.00.01":        {one},
		"+7/700/000/00/01":        {one},
		"тел87000000001звони":     {one},
		"8 7OO OOO OO O1":         {one},
		"+7 7ОО ООО 0О 0l":        {one},
		"8ООООООООО0":             nil,
		"+7 700\n000\n00 01":      {one},
		"＋７ ７００ ０００ ００ ０１":        {one},
		"ватсап +7 700 000 00 01": {one},
		"нөмірім 8 700 000 00 01 хабарлас": {one},
		"+7 727 250 00 00":           {"+77272500000"},
		"87000000001, 87000000002":   {one, "+77000000002"},
		"+7 916 000 00 01":           {"+79160000001"},
		"+998 90 123 45 67":          {"+998901234567"},
		"00998901234567":             {"+998901234567"},
		"ватсап 998901234567":        {"+998901234567"},
		"102, 112, 1414, 1477, 9999": nil,
		"звоните 9999":               nil,
		"заказ 998901234567":         nil,
		"12.05.2026 14:30":           nil,
		"1 700 000 тг":               nil,
		"77 000 000 тенге":           nil,
	})
	f := newFinder(t)
	for text, foreign := range map[string]bool{
		"+7 700 000 00 01": false, "8 800 080 00 01": false, "+7 916 000 00 01": true, "+998 90 123 45 67": true,
	} {
		got := f.Find(text)
		if len(got) != 1 || got[0].Foreign != foreign {
			t.Errorf("%s: got %+v, want foreign %v", text, got, foreign)
		}
	}
}
