// Package config says how Parcours is set up: what is read from a file, then from
// the environment, and everything that is wrong with it at once.
package config

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known on the barest of systems
)

// Config is a whole set-up. Every text is as it was given; the methods give what
// follows from it.
type Config struct {
	// Data is the file where the cases are kept, Keys that of the keyset.
	Data, Keys string
	// Departement is its official code; the time zone follows from it unless
	// Zone says another.
	Departement, Zone string
	// DepartementFile says the words of a département in one's own way; without
	// it, they are those known of Departement.
	DepartementFile string
	// RetentionMonths is how long a case is kept after the last contact.
	RetentionMonths int
	// Admins run the service, Pilots lead the démarche in the département: each
	// an account id, or a handle with its @.
	Admins, Pilots []string
	// Language is that of the channels, "fr" or "en".
	Language string
	// Listen is host:port, or "unix:" and the path of a socket.
	Listen string
	// TLSCert and TLSKey are the files of a certificate and its key, by which
	// Listen is encrypted; without them, a proxy or this computer alone is there.
	TLSCert, TLSKey string
	// TrustedProxies are the addresses, or ranges of them, of the reverse proxies on
	// other computers that are believed when they say whom a request comes from; those
	// of this one always are. See Proxies.
	TrustedProxies []string
	// CallbackURL is where the chat server reaches Listen; see Callback.
	CallbackURL string
	Log         Log
	Backup      Backup
	Reminders   Reminders
	Mattermost  Mattermost
	Slack       Slack
	// CasesOn is the chat where cases are opened, where there are both: OnMattermost,
	// OnSlack, or either when empty.
	CasesOn string
}

// Log says what is logged and how.
type Log struct {
	// Level is debug, info, warn or error; Format is text or json.
	Level, Format string
}

// Backup says for whom backups are made, and where by night.
type Backup struct {
	// Recipients are the public keys, as age writes them, of those who can open
	// them.
	Recipients []string
	// Folder is where one is made every night; empty for nowhere.
	Folder string
	// Keep is how many days they are kept there.
	Keep int
}

// Mattermost says how the bot speaks to a Mattermost server.
type Mattermost struct {
	URL string
	// Token is the bot account's; TokenFile a file that holds it instead.
	Token, TokenFile string
	// Showing is what the server keeps of cases: Full or Discreet.
	Showing string
	Teams   []Team
}

// The ways of showing. Full: messages say what they are about, in channels that
// the gate approves and in private. Discreet: the server keeps case codes alone,
// and people are shown the rest when they ask, on their screens and nowhere else.
const (
	Full     = "full"
	Discreet = "discreet"
)

// A Team is one where the slash command is.
type Team struct {
	// Name is for people, ID for the server, Token that of the slash command.
	Name, ID, Token string
}

// Default is the set-up of somebody who says nothing.
func Default() Config {
	return Config{
		Data: "parcours.db", RetentionMonths: 24, Language: "fr", Listen: "127.0.0.1:8070",
		Log: Log{Level: "info", Format: "text"}, Backup: Backup{Keep: 14}, Reminders: reminders(),
		Mattermost: Mattermost{Showing: Full}, Slack: Slack{Showing: Discreet},
	}
}

// Callback is where the chat server reaches Listen: CallbackURL, or Listen itself
// when both are on one computer. It is empty when neither tells.
func (c Config) Callback() string {
	if c.CallbackURL != "" {
		return strings.TrimRight(c.CallbackURL, "/")
	}
	if host, _, err := net.SplitHostPort(c.Listen); err == nil && isLoopback(host) && c.TLSCert == "" {
		return "http://" + c.Listen
	}
	return ""
}

// Exposed says whether other computers can reach Listen, and what is said there.
func (c Config) Exposed() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && !isLoopback(host) && c.TLSCert == ""
}

// Proxies are those of TrustedProxies that make sense, an address being a range of one.
func (c Config) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for _, text := range c.TrustedProxies {
		if proxy, ok := proxyOf(text); ok {
			all = append(all, proxy)
		}
	}
	return all
}

// proxyOf reads an address or a range. One that is everybody's is no proxy's.
func proxyOf(text string) (netip.Prefix, bool) {
	if one, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(one.Unmap().WithZone(""), one.Unmap().BitLen()), true
	}
	several, err := netip.ParsePrefix(text)
	return several.Masked(), err == nil && several.Bits() > 0 && !several.Addr().Is4In6()
}

func isProxy(text string) bool {
	_, ok := proxyOf(text)
	return ok
}

// Near says whether Callback leads nowhere but to this computer, so that people's
// browsers elsewhere cannot follow it.
func (c Config) Near() bool {
	u, err := url.Parse(c.Callback())
	return err == nil && isLoopback(u.Hostname())
}

// Socket is the path of the socket to listen on; empty when Listen is an address.
func (c Config) Socket() string {
	path, _ := strings.CutPrefix(c.Listen, "unix:")
	if path == c.Listen {
		return ""
	}
	return path
}

// Location is the time zone: Zone, or that of the département, or Paris's.
// Error: there is no such zone.
func (c Config) Location() (*time.Location, error) { return time.LoadLocation(c.ZoneName()) }

// ZoneName is the name of Location.
func (c Config) ZoneName() string {
	if c.Zone != "" {
		return c.Zone
	}
	return ZoneOf(c.Departement)
}

// KeysPath is the file of the keyset: Keys, or the data file's name with .keys.
func (c Config) KeysPath() string {
	if c.Keys != "" {
		return c.Keys
	}
	return c.Data + ".keys"
}

// under makes relative paths start from a folder: that of the file they stand in,
// so that it does not matter where the program is started.
func (c *Config) under(folder string) {
	for _, path := range []*string{&c.Data, &c.Keys, &c.DepartementFile, &c.TLSCert, &c.TLSKey, &c.Backup.Folder} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	for _, s := range secretFiles {
		if path := s.file(c); *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	if path := c.Socket(); path != "" && !filepath.IsAbs(path) {
		c.Listen = "unix:" + filepath.Join(folder, path)
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
