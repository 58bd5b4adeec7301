package store_test

func victim(string) {}
