package duelist

import "time"

// Hours are the part of the day in which people are not to be disturbed. The
// zero value is no part of the day.
type Hours struct {
	From, To time.Duration // since midnight; To is the next day's when it is not after From
	Zone     *time.Location
}

// Night is from 22:00 to 08:00 in Kazakhstan, which keeps UTC+5 everywhere and
// all year since 1 March 2024 (order of the government of 19 January 2024).
func Night() Hours {
	return Hours{From: 22 * time.Hour, To: 8 * time.Hour, Zone: time.FixedZone("Asia/Almaty", 5*60*60)}
}

// Until gives the end of the quiet hours if t lies in them, otherwise t.
func (h Hours) Until(t time.Time) time.Time {
	if h.From == h.To || h.Zone == nil {
		return t
	}
	local := t.In(h.Zone)
	// They may have begun yesterday.
	for _, day := range []int{-1, 0} {
		from, to := h.at(local, day, h.From), h.at(local, day, h.To)
		if !to.After(from) {
			to = h.at(local, day+1, h.To)
		}
		if !t.Before(from) && t.Before(to) {
			return to
		}
	}
	return t
}

// at gives the time of day some days from the day of t.
func (h Hours) at(t time.Time, days int, timeOfDay time.Duration) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, int(timeOfDay), h.Zone)
}
