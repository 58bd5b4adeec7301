package kazakh

import "testing"

// prose is running text of the product's field in all three spellings.
var prose = []string{
	"сіздің", "картаңыз", "бұғатталды", "ақшаңызды", "қауіпсіз", "шотқа", "аударыңыз", "банктің", "қызметкерімін", "кодты",
	"ешкімге", "айтпаңыз", "жедел", "сілтемеге", "өтіңіз", "сіздин", "картаныз", "бугатталды", "акшанызды", "кауипсиз",
	"шотка", "аударыныз", "kartanyz", "bugattaldy", "aqshanyzdy", "qauipsiz", "shotqa", "audarynyz", "жүргізілетіндіктен", "тергеушілердің",
}

func BenchmarkStem(b *testing.B) {
	keys := make([][]byte, len(prose))
	for i, w := range prose {
		keys[i] = AppendKey(nil, w)
	}
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		dst = AppendStem(dst[:0], keys[i])
		if i++; i == len(keys) {
			i = 0
		}
	}
}
