package sandbox

import (
	"reflect"
	"testing"
	"unsafe"

	"parcours/bot/chat"
)

// stamped plays the gate: it lets a value through as only packages under bot
// can. It writes the hidden fields of the stamp, and stops the test as soon as
// they are not what it expects.
func stamped[T any, S interface{ Value() (T, bool) }](t *testing.T, value T, stamp *S) S {
	t.Helper()
	of := reflect.ValueOf(stamp).Elem()
	for i := range of.NumField() {
		hidden := of.Field(i)
		open := reflect.NewAt(hidden.Type(), unsafe.Pointer(hidden.UnsafeAddr())).Elem()
		switch open.Kind() {
		case reflect.Bool:
			open.SetBool(true)
		default:
			open.Set(reflect.ValueOf(value))
		}
	}
	if _, ok := (*stamp).Value(); !ok {
		t.Fatal("the stamp of the gate is not made as this test believes")
	}
	return *stamp
}

func cleared(t *testing.T, out chat.Outgoing) chat.Cleared {
	var stamp chat.Cleared
	return stamped(t, out, &stamp)
}

func clearedForm(t *testing.T, form chat.Form) chat.ClearedForm {
	var stamp chat.ClearedForm
	return stamped(t, form, &stamp)
}
