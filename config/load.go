package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Load gives the set-up of the file at path, with what the environment says in
// its stead. The error is Faults: all that is wrong with it. What could be read
// is given even then.
func Load(path string, getenv func(string) string) (Config, error) {
	c, faults := ReadFile(path)
	faults = append(faults, c.environment(getenv)...)
	for _, s := range secretFiles {
		if *s.text(&c) == "" && *s.file(&c) != "" {
			faults = append(faults, s.read(&c)...)
		}
	}
	// What could not be understood would only be found missing a second time.
	for _, fault := range c.validate() {
		if !slices.ContainsFunc(faults, func(f Fault) bool {
			return f.Key == fault.Key || f.Kind == Syntax || f.Kind == NoFile || f.Kind == Unreadable && f.Key == path
		}) {
			faults = append(faults, fault)
		}
	}
	return c, faults.orNil()
}

// ReadFile gives the defaults with what the file at path says in their stead, and
// what is wrong in how the file is written and kept.
func ReadFile(path string) (Config, Faults) {
	c := Default()
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.under(filepath.Dir(path))
		return c, Faults{{Key: path, Kind: NoFile}}
	case err != nil:
		return c, Faults{{Key: path, Kind: Unreadable, Given: reason(err)}}
	}
	faults := c.parse(text)
	secret := slices.ContainsFunc(keys, func(k key) bool { return k.secret && *k.at(&c) != "" })
	for _, team := range c.Mattermost.Teams {
		secret = secret || team.Token != ""
	}
	if info, err := os.Stat(path); err == nil && secret && info.Mode().Perm()&0o077 != 0 {
		faults = append(Faults{{Key: path, Kind: Readable, Given: fmt.Sprintf("%04o", info.Mode().Perm())}}, faults...)
	}
	c.under(filepath.Dir(path))
	return c, faults
}

// parse reads the text of a file over c.
func (c *Config) parse(text []byte) Faults {
	var read map[string]any
	if _, err := toml.Decode(string(text), &read); err != nil {
		var where toml.ParseError
		if errors.As(err, &where) {
			// The message can quote the line, and the line hold a token.
			return Faults{{Key: fmt.Sprint(where.Position.Line), Kind: Syntax}}
		}
		return Faults{{Key: "1", Kind: Syntax}}
	}
	var faults Faults
	c.table("", read, &faults)
	for _, s := range secretFiles {
		if *s.text(c) != "" && *s.file(c) != "" {
			faults = append(faults, Fault{Key: s.name + "_file", Kind: Both, Want: s.name})
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(a.Key, b.Key) })
	return faults
}

// table reads the keys of a table; prefix is its name and a dot.
func (c *Config) table(prefix string, read map[string]any, faults *Faults) {
	for name, value := range read {
		full := prefix + name
		inner, isTable := value.(map[string]any)
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == full })
		text, isText := value.(string)
		switch {
		case full == teamsKey:
			c.teams(value, faults)
		case i >= 0 && keys[i].list != nil:
			c.texts(keys[i], value, faults)
		case i >= 0 && keys[i].isNumber():
			if !keys[i].read(c, value) {
				*faults = append(*faults, keys[i].fault(full, ""))
			}
		case i >= 0 && isText:
			*keys[i].at(c) = strings.TrimSpace(text)
		case i >= 0:
			*faults = append(*faults, Fault{Key: full, Kind: NotText})
		case isTable && slices.ContainsFunc(keys, func(k key) bool { return strings.HasPrefix(k.name, full+".") }):
			c.table(full+".", inner, faults)
		default:
			*faults = append(*faults, Fault{Key: full, Kind: Unknown, Want: nearest(full)})
		}
	}
}

// texts reads a list of texts.
func (c *Config) texts(k key, value any, faults *Faults) {
	read, ok := value.([]any)
	var list []string
	for _, one := range read {
		text, isText := one.(string)
		ok = ok && isText
		list = append(list, strings.TrimSpace(text))
	}
	if !ok {
		*faults = append(*faults, Fault{Key: k.name, Kind: NotTexts})
		return
	}
	*k.list(c) = list
}

// teams reads the list of the teams.
func (c *Config) teams(value any, faults *Faults) {
	list, ok := value.([]map[string]any)
	if !ok {
		*faults = append(*faults, Fault{Key: teamsKey, Kind: NotTeams})
		return
	}
	for n, read := range list {
		var team Team
		for name, value := range read {
			full := fmt.Sprintf("%s[%d].%s", teamsKey, n+1, name)
			text, isText := value.(string)
			known := false
			for _, k := range teamKeys {
				if k.name == name {
					known = true
					*k.at(&team) = strings.TrimSpace(text)
				}
			}
			switch {
			case !known:
				*faults = append(*faults, Fault{Key: full, Kind: Unknown, Want: "name, id, token"})
			case !isText:
				*faults = append(*faults, Fault{Key: full, Kind: NotText})
			}
		}
		c.Mattermost.Teams = append(c.Mattermost.Teams, team)
	}
}

// nearest names the keys of the table in which an unknown one stands.
func nearest(full string) string {
	prefix := full[:strings.LastIndex(full, ".")+1]
	var names []string
	for _, k := range keys {
		if rest, ok := strings.CutPrefix(k.name, prefix); ok {
			first, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(names, first) {
				names = append(names, first)
			}
		}
	}
	if prefix == "mattermost." {
		names = append(names, "teams")
	}
	return strings.Join(names, ", ")
}

// environment puts what the environment says in the stead of the file.
func (c *Config) environment(getenv func(string) string) Faults {
	var faults Faults
	for _, k := range keys {
		text := strings.TrimSpace(getenv(Variable(k.name)))
		switch {
		case text == "":
			continue
		case k.isNumber():
			if !k.parse(c, text) {
				faults = append(faults, k.fault(Variable(k.name), text))
			}
			continue
		case k.list != nil:
			*k.list(c) = nil
			for _, one := range strings.Split(text, ",") {
				*k.list(c) = append(*k.list(c), strings.TrimSpace(one))
			}
			continue
		}
		*k.at(c) = text
		for _, s := range secretFiles {
			if s.name == k.name {
				*s.file(c) = ""
			}
		}
	}
	text := strings.TrimSpace(getenv(teamsVariable))
	if text == "" {
		return faults
	}
	c.Mattermost.Teams = nil
	for _, one := range strings.Split(text, ",") {
		id, token, ok := strings.Cut(strings.TrimSpace(one), "=")
		if !ok {
			return append(faults, Fault{Key: teamsVariable, Kind: NotTeams})
		}
		c.Mattermost.Teams = append(c.Mattermost.Teams, Team{ID: id, Token: token})
	}
	return faults
}

// read reads a secret from its own file.
func (s secretFile) read(c *Config) Faults {
	path := *s.file(c)
	info, err := os.Stat(path)
	if err != nil {
		return Faults{{Key: path, Kind: Unreadable, Given: reason(err)}, {Key: s.name, Kind: Missing}}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Faults{{Key: path, Kind: Unreadable, Given: reason(err)}, {Key: s.name, Kind: Missing}}
	}
	*s.text(c) = strings.TrimSpace(string(text))
	if info.Mode().Perm()&0o077 != 0 {
		return Faults{{Key: path, Kind: Readable, Given: fmt.Sprintf("%04o", info.Mode().Perm())}}
	}
	return nil
}

// reason is the cause of an error of the file system, without the path.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
