package main

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the root of the project.
const root = "../.."

// TestTheBuildIsReproducible builds the program in two places: it is the same to
// the byte, and knows of neither.
func TestTheBuildIsReproducible(t *testing.T) {
	there := filepath.Join(t.TempDir(), "elsewhere")
	must(t, os.CopyFS(there, sources{os.DirFS(root)}))
	var sums [2][sha256.Size]byte
	for i, folder := range []string{root, there} {
		program := filepath.Join(t.TempDir(), "parcours")
		build := exec.Command("sh", "scripts/build", program, "1.2.3")
		build.Dir = folder
		if said, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		raw, err := os.ReadFile(program)
		must(t, err)
		sums[i] = sha256.Sum256(raw)
		if here, err := filepath.Abs(root); err != nil || strings.Contains(string(raw), here) {
			t.Errorf("the program tells where it was built (%v)", err)
		}
		said, err := exec.Command(program, "version").CombinedOutput()
		if err != nil || !strings.HasPrefix(string(said), "parcours 1.2.3 ") {
			t.Errorf("version: %s %v", said, err)
		}
	}
	if sums[0] != sums[1] {
		t.Error("two builds of the same sources differ")
	}
}

// TestTheServiceHasNoMoreRightsThanItUses looks at the unit of systemd and at the
// container.
func TestTheServiceHasNoMoreRightsThanItUses(t *testing.T) {
	lines := func(path string) []string {
		raw, err := os.ReadFile(filepath.Join(root, path))
		must(t, err)
		return strings.Split(string(raw), "\n")
	}
	for path, wants := range map[string][]string{
		"deploy/parcours.service": {
			"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
			"CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
			"SystemCallFilter=@system-service", "LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "LoadCredential=parcours.keyset:/etc/parcours/keyset",
		},
		"deploy/Containerfile": {"FROM scratch", "USER 65532:65532"},
	} {
		has := lines(path)
		for _, want := range wants {
			if !slices.Contains(has, want) {
				t.Errorf("%s does not say %s", path, want)
			}
		}
	}
}

// sources are the files of a folder that a build reads.
type sources struct{ fs.FS }

// ReadDir leaves out what is no source.
func (s sources) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
		return name == "." && slices.Contains([]string{".git", "bin", "dist", "tmp", "e2e"}, e.Name())
	}), err
}
