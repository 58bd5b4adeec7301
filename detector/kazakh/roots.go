package kazakh

func lookUp(key []byte, left classes, whole bool) string {
	return ""
}
