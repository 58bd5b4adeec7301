package entity

// findIINs claims twelve digits that pass the check of an IIN or a BIN.
func findIINs(v *view) {
	v.chains(func(from, to int) {
		for i := from; i < to; i++ {
			total := 0
			for j := i; j < to && total < 12; j++ {
				total += v.groups[j].n
				d := v.window(i, j)
				if total == 12 && !v.plusBefore(i) && v.shaped(i, j, from, to) && iinValid(d) {
					v.claimGroups(i, j, span{kind: IIN, value: v.writeDigits(d), masked: v.write("••••••••••••")})
					i = j
					break
				}
			}
		}
	})
}

// iinValid checks the last digit of an IIN or BIN: weights 1 to 11, and where
// the remainder is 10 a second pass with the weights moved by two (resolution
// 565 of 2003). The date inside is not tested: since resolution 853 of
// 26.08.2013 it need not be the date of birth.
func iinValid(d []byte) bool {
	first, second := 0, 0
	for i := 0; i < 11; i++ {
		n := int(d[i] - '0')
		first += n * (i + 1)
		second += n * ((i+2)%11 + 1)
	}
	c := first % 11
	if c == 10 {
		c = second % 11
	}
	return c != 10 && c == int(d[11]-'0')
}
