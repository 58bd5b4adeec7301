package link

import "strings"

// appLink handles links that a program opens instead of a browser; it reports
// whether p was one.
func (t *Table) appLink(p parts, f *Finding) bool {
	if p.hasAuthority() {
		return false
	}
	path := strings.ToLower(strings.TrimLeft(p.path, "/"))
	switch p.scheme {
	case "tg":
		f.Class = Messenger
		f.add(FactTelegram)
		telegramPath(path, strings.ToLower(p.query), f)
	case "whatsapp":
		f.Class = Messenger
		f.add(FactWaMe)
		if strings.Contains(path, "link") && strings.Contains(path, "device") {
			f.add(FactDeviceLink)
		}
	case "sgnl":
		f.Class = Messenger
		if strings.HasPrefix(path, "linkdevice") {
			f.add(FactDeviceLink)
		}
	case "viber":
		f.Class = Messenger
	default:
		f.add(FactUnknown)
	}
	if t.hasInstaller(p) {
		f.add(FactInstaller)
	}
	return true
}

// messenger records what a link into a messenger does.
func (t *Table) messenger(p parts, h host, f *Finding) {
	path := strings.ToLower(strings.TrimLeft(p.path, `/\`))
	query := strings.ToLower(p.query)
	switch h.domain {
	case "t.me", "telegram.me", "telegram.dog":
		f.add(FactTelegram)
		if h.ascii != h.domain { // the user's name as a sub-domain
			path = strings.TrimSuffix(h.ascii, "."+h.domain)
		}
		telegramPath(path, query, f)
	case "wa.me":
		f.add(FactWaMe)
		whatsappPath(path, f)
	case "whatsapp.com":
		f.add(FactWaMe)
		if h.ascii == "chat.whatsapp.com" && path != "" {
			f.add(FactInvite)
		}
		whatsappPath(path, f)
	case "signal.me", "signal.org":
		if strings.Contains(path, "linkdevice") {
			f.add(FactDeviceLink)
		}
	case "discord.gg":
		f.add(FactInvite)
	}
}

func telegramPath(path, query string, f *Finding) {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case first == "login" || first == "confirmphone" || first == "passport":
		f.add(FactDeviceLink)
	case strings.HasPrefix(first, "+") || first == "joinchat" || first == "join" || first == "addlist":
		f.add(FactInvite)
	}
	for _, field := range strings.SplitN(query, "&", 8) {
		name, _, _ := strings.Cut(field, "=")
		switch name {
		case "start", "startapp", "startattach", "startgroup", "startchannel":
			f.add(FactBotStart)
		}
	}
}

func whatsappPath(path string, f *Finding) {
	if strings.HasPrefix(path, "settings/linked_devices") || strings.HasPrefix(path, "linked_devices") || strings.HasPrefix(path, "settings/link") {
		f.add(FactDeviceLink)
	}
}

// hasInstaller reports whether the link ends in, or asks for, a file that
// installs a program.
func (t *Table) hasInstaller(p parts) bool {
	if t.installerName(p.path) {
		return true
	}
	query := p.query
	for left := 16; query != "" && left > 0; left-- {
		field := query
		if i := strings.IndexByte(query, '&'); i >= 0 {
			field, query = query[:i], query[i+1:]
		} else {
			query = ""
		}
		if t.installerName(field) {
			return true
		}
	}
	return false
}

func (t *Table) installerName(s string) bool {
	s = unescape(s[max(0, len(s)-64):], 64)
	s = strings.TrimRight(s, `/\.,;:)]}"'… `)
	i := strings.LastIndexByte(s, '.')
	if i < 1 || len(s)-i > 14 {
		return false
	}
	_, ok := t.installers[strings.ToLower(s[i+1:])]
	return ok
}

// translates reports whether a path is that of a page which shows another one in
// translation; its field is called "u".
func translates(path string) bool { return strings.HasPrefix(path, "/translate") }

// redirectTarget finds a query field that carries the address of a site.
func (t *Table) redirectTarget(p parts) (parts, bool) {
	query := p.query[:min(len(p.query), 4<<10)]
	for left := 32; query != "" && left > 0; left-- {
		field := query
		if i := strings.IndexAny(query, "&;"); i >= 0 {
			field, query = query[:i], query[i+1:]
		} else {
			query = ""
		}
		name, value, ok := strings.Cut(field, "=")
		if !ok || len(value) < 4 {
			continue
		}
		if _, known := t.redirects[strings.ToLower(name)]; !known {
			continue
		}
		value = unescape(unescape(value, 2<<10), 2<<10) // it is often escaped twice
		target := split(value)
		if target.host != "" && (target.schemed || (len(name) > 1 || translates(p.path)) && t.isSite(target.host)) {
			return target, true
		}
	}
	return t.targetInPath(p)
}

// maxPathTarget is how many bytes of a path are searched for an address.
const maxPathTarget = 2 << 10

// targetInPath finds the address of a site in the path of a page that shows or
// opens other people's pages: a whole one, or the name behind "amp" or "turbo".
func (t *Table) targetInPath(p parts) (parts, bool) {
	path := unescape(p.path, maxPathTarget)
	low := strings.ToLower(path)
	for _, scheme := range [...]string{"http:/", "https:/"} {
		if i := strings.Index(low, scheme); i >= 0 && len(low) == len(path) {
			target := split(path[i:])
			return target, target.host != ""
		}
	}
	for _, opener := range [...]string{"/amp/s/", "/amp/", "/turbo/"} {
		if rest, ok := strings.CutPrefix(low, opener); ok {
			target := split(rest)
			return target, target.host != "" && t.isSite(target.host)
		}
	}
	return parts{}, false
}

// isSite reports whether text without a scheme names a site rather than a file
// or a page of the same site.
func (t *Table) isSite(name string) bool {
	if strings.IndexByte(name, '.') < 0 {
		return false
	}
	h := parseHost(parts{host: name})
	return h.ascii != "" && h.known
}
