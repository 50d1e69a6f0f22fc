package vault

import (
	"fmt"
	"os"
	"path/filepath"
)

const (
	// Variable is the name of the environment variable that may hold the keysets.
	Variable = "PARCOURS_KEYSET"
	// Credential is the name of the systemd credential that may hold them.
	Credential = "parcours.keyset"

	credentialsFolder = "CREDENTIALS_DIRECTORY"
)

// A Place is where keysets are kept.
type Place struct {
	Kind PlaceKind
	// Name is that of the variable, or a path.
	Name string
}

// PlaceKind says what kind of place it is.
type PlaceKind byte

// The places, the first one that holds keysets coming before the others. The
// program itself can write to the last alone.
const (
	InVariable   PlaceKind = 'v'
	InCredential PlaceKind = 'c'
	InFile       PlaceKind = 'f'
)

// PlaceOf says where keysets are: in the environment variable PARCOURS_KEYSET if
// it is set, in the systemd credential parcours.keyset if there is one, else in
// the file at path.
func PlaceOf(path string, getenv func(string) string) Place {
	if getenv(Variable) != "" {
		return Place{InVariable, Variable}
	}
	if folder := getenv(credentialsFolder); folder != "" {
		credential := filepath.Join(folder, Credential)
		if _, err := os.Stat(credential); err == nil {
			return Place{InCredential, credential}
		}
	}
	return Place{InFile, path}
}

// Missing says whether there is nothing there yet.
func (p Place) Missing() bool {
	_, err := os.Stat(p.Name)
	return p.Kind == InFile && err != nil
}

func (p Place) read(getenv func(string) string) ([]byte, error) {
	if p.Kind == InVariable {
		return []byte(getenv(p.Name)), nil
	}
	info, err := os.Stat(p.Name)
	if err != nil {
		return nil, err
	}
	// systemd sees itself to who may read a credential.
	if p.Kind == InFile && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("other users can read %s; run: chmod 600 %s", p.Name, p.Name)
	}
	return os.ReadFile(p.Name)
}
