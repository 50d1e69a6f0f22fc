package config

import "testing"

// FuzzFile reads any text as a set-up: it is sound, or it is said what is not.
func FuzzFile(f *testing.F) {
	f.Add(Sample)
	f.Add("data = 7\n[reminders]\naction = [\"x\", 1e9]\nfrom = \"25:00\"")
	f.Add("[[mattermost.teams]]\nid = \"x\"\n[[mattermost.teams]]\n[mattermost]\n")
	f.Add("listen = \"unix:\"\ncallback_url = \"http://a@b/?c#d\"\nadmins = [\"@\", \"\"]")
	f.Fuzz(func(t *testing.T, text string) {
		c := Default()
		faults := c.parse([]byte(text))
		c.under("/etc/parcours")
		c.environment(func(string) string { return text })
		for _, fault := range append(faults, c.validate()...) {
			if fault.Kind == "" {
				t.Errorf("a fault of no kind: %+v", fault)
			}
		}
		c.Callback()
		c.Proxies()
		c.Exposed()
		c.Socket()
	})
}
