package entity

type nameTable struct{}

func loadNames() (nameTable, error) { return nameTable{}, nil }

func (f *Finder) findNames(v *view) {}
