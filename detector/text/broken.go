package text

// broken returns the end of a common word that signs or pictures break into pieces (на-зо-ви-те, ба💳нка,
// пере/вод) and that begins at cell i, or j where there is none: cell j follows the first piece. Only words
// that scams live on are put together: between other words the same signs are punctuation.
func (w *scratch) broken(i, j int) int {
	if j+1 >= len(w.cells) || !w.breaks(j) || w.cells[i].class&letters == 0 {
		return j
	}
	var word [maxBroken]rune
	var at [maxBroken]int
	n := 0
	for k := i; k < len(w.cells) && n < maxBroken; {
		c := &w.cells[k]
		if c.class&letters == 0 {
			next := w.pieceAfter(k)
			if next == k {
				break
			}
			k = next
			continue
		}
		r := c.r
		if twin, strong := cyrillicTwin(r, c.upper); c.class == latin && strong {
			r = twin
		}
		word[n], at[n] = r, k
		n++
		k++
	}
	length := startLength(word[:n])
	if length <= j-i {
		return j
	}
	end := w.pieceEnd(at[length-1])
	for {
		next := w.pieceAfter(end)
		if next == end || w.pieceEnd(next)-next > maxSyllable {
			return end
		}
		end = w.pieceEnd(next)
	}
}

const (
	maxBroken   = 12 // letters that the beginning of a common word may have
	maxSyllable = 3  // letters of a further piece that still belongs to the word
)

// breaks reports whether cell k may stand inside a broken word.
func (w *scratch) breaks(k int) bool {
	switch c := &w.cells[k]; c.class {
	case symbol, hyphen:
		return true
	default:
		return c.r == '/' || c.r == '|' || c.r == '*' || c.r == '_' || c.r == '~'
	}
}

// pieceAfter returns the letter behind the signs at cell k, or k where none follows closely.
func (w *scratch) pieceAfter(k int) int {
	next := k
	for next < len(w.cells) && next-k <= maxGap && w.breaks(next) {
		next++
	}
	if next-k > maxGap || next >= len(w.cells) || w.cells[next].class&letters == 0 {
		return k
	}
	return next
}

// pieceEnd returns the end of the run of letters at cell k.
func (w *scratch) pieceEnd(k int) int {
	for k < len(w.cells) && w.cells[k].class&letters != 0 {
		k++
	}
	return k
}

// startLength returns the length of the common beginning that the word has, or 0.
func startLength(word []rune) int {
	if len(word) == 0 {
		return 0
	}
next:
	for _, start := range commonStarts[word[0]] {
		if len(start) > len(word) {
			continue
		}
		for i, r := range start {
			if word[i] != r {
				continue next
			}
		}
		return len(start)
	}
	return 0
}

// commonStarts are beginnings of the words of scams, by their first letter.
var commonStarts = func() map[rune][][]rune {
	starts := map[rune][][]rune{}
	for start := range wordSet(`
		банк безопас блокир заблок перевод перевед перечисл назов код карт кредит счет деньг денег выигр подтвер ссылк оплат
		аккаунт логин парол смс бонус выплат компенс инвест заработ ваканс полиц следоват прокурат срочно паспорт скача
		устан анидеск отправ продикт каспи халык отбасы аудар несие төлем салым сілтем құпия ақша жібер растау ұтыс сыйақы
	`) {
		r := []rune(start)
		starts[r[0]] = append(starts[r[0]], r)
	}
	return starts
}()
