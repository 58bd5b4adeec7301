package text

// cyrillicTwin returns the Cyrillic letter that a Latin one looks like, 0 where there is none. A strong twin
// can hardly be told apart; a weak one passes within a word.
func cyrillicTwin(r rune, upper bool) (twin rune, strong bool) {
	switch r {
	case 'a':
		return 'а', true
	case 'c':
		return 'с', true
	case 'e':
		return 'е', true
	case 'o':
		return 'о', true
	case 'p':
		return 'р', true
	case 'x':
		return 'х', true
	case 'y':
		return 'у', true
	case 'k', 'ĸ':
		return 'к', true
	case 'i', 'ı':
		return 'і', true
	case 'ə':
		return 'ә', true
	case 'ɵ':
		return 'ө', true
	case 'h':
		if upper {
			return 'н', true
		}
		return 'һ', true
	case 'b':
		if upper {
			return 'в', true
		}
		return 'ь', false
	case 'm':
		return 'м', upper
	case 't':
		return 'т', upper
	case 'n':
		return 'п', false
	case 'u':
		return 'и', false
	case 'r':
		return 'г', false
	case 'w':
		return 'ш', false
	case 'á', 'à', 'â', 'ã', 'ä', 'å': // weak: words of Latin Kazakh are made of them, too
		return 'а', false
	case 'é', 'è', 'ê', 'ë':
		return 'е', false
	case 'ó', 'ò', 'ô', 'õ', 'ö':
		return 'о', false
	case 'ç':
		return 'с', false
	case 'ý', 'ÿ':
		return 'у', false
	}
	return 0, false
}

// latinTwin returns the Latin letter that a Cyrillic one looks like, 0 where there is none.
func latinTwin(r rune, upper bool) (twin rune, strong bool) {
	switch r {
	case 'а':
		return 'a', true
	case 'с':
		return 'c', true
	case 'е':
		return 'e', true
	case 'о':
		return 'o', true
	case 'р':
		return 'p', true
	case 'х':
		return 'x', true
	case 'у':
		return 'y', true
	case 'к':
		return 'k', true
	case 'і':
		return 'i', true
	case 'һ':
		return 'h', true
	case 'ѕ':
		return 's', true
	case 'ј':
		return 'j', true
	case 'ԁ':
		return 'd', true
	case 'ԛ':
		return 'q', true
	case 'ԝ':
		return 'w', true
	case 'ѵ':
		return 'v', true
	case 'ӏ':
		return 'l', true
	case 'ә':
		return 'ə', true
	case 'в':
		return 'b', upper
	case 'м':
		return 'm', upper
	case 'т':
		return 't', upper
	case 'н':
		if upper {
			return 'h', true
		}
	case 'п':
		return 'n', false
	case 'и':
		return 'u', false
	case 'г':
		return 'r', false
	}
	return 0, false
}

// twins are the letters that a letter of a third script looks like.
type twins struct{ latin, cyrillic rune }

// foreignTwin covers Greek, Armenian, Cherokee and Georgian letters seen in disguised words.
func foreignTwin(r rune) twins {
	switch r {
	case 'α', 'ꭺ', 'ꭰ':
		return twins{'a', 'а'}
	case 'β':
		return twins{'b', 'в'}
	case 'γ':
		return twins{'y', 'ү'}
	case 'ε', 'ꭼ':
		return twins{'e', 'е'}
	case 'ζ':
		return twins{'z', 'з'}
	case 'η', 'ո':
		return twins{'n', 'п'}
	case 'θ':
		return twins{'o', 'ө'}
	case 'ι', 'ꭵ':
		return twins{'i', 'і'}
	case 'κ', 'ꮶ':
		return twins{'k', 'к'}
	case 'λ':
		return twins{'l', 'л'}
	case 'μ', 'ꮇ':
		return twins{'m', 'м'}
	case 'ν':
		return twins{'v', 0}
	case 'ο', 'օ', 'ჿ':
		return twins{'o', 'о'}
	case 'π':
		return twins{'n', 'п'}
	case 'ρ', 'ꮲ':
		return twins{'p', 'р'}
	case 'σ', 'ꮯ':
		return twins{'c', 'с'}
	case 'τ', 'ꭲ':
		return twins{'t', 'т'}
	case 'υ', 'ս':
		return twins{'u', 'и'}
	case 'φ':
		return twins{'f', 'ф'}
	case 'χ':
		return twins{'x', 'х'}
	case 'հ':
		return twins{'h', 'һ'}
	}
	return twins{}
}
