package locales

// Regions returns the ids of the regions of Kazakhstan: the three cities of
// national rank and the seventeen regions in force since 2022. Their names are
// the phrases "region_" + id.
func Regions() []string {
	return []string{
		"astana", "almaty", "shymkent",
		"abai", "akmola", "aktobe", "almaty_region", "atyrau", "west", "zhambyl", "zhetysu", "karaganda", "kostanay",
		"kyzylorda", "mangystau", "pavlodar", "north", "turkistan", "ulytau", "east",
	}
}
