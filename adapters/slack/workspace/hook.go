package workspace

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Signature gives the value of the header X-Slack-Signature for a body, and that of
// X-Slack-Request-Timestamp.
func Signature(secret string, at time.Time, body []byte) (signature, timestamp string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte("v0:" + timestamp + ":"))
	sum.Write(body)
	return "v0=" + hex.EncodeToString(sum.Sum(nil)), timestamp
}

// callUp calls the app by HTTP, signed; an event that it does not take comes again. It
// is signed by the clock of the computer, since Slack's client checks it by that.
func (w *Workspace) callUp(d *delivery) {
	body, kind := hooked(d)
	signature, timestamp := Signature(SigningSecret, time.Now(), body)
	attempt, ackIn := d.attempt, w.ackIn
	go func() {
		status, answer := hook(ackIn, d.url, kind, signature, timestamp, attempt, body)
		w.mu.Lock()
		defer w.mu.Unlock()
		defer w.changed()
		switch {
		case status == http.StatusOK:
			if len(bytes.TrimSpace(answer)) > 0 {
				d.answer = answer
			}
			w.take(d)
		case d.kind == "events_api":
			w.again(d)
		default:
			w.end(d)
		}
	}()
}

// hooked gives the body of a call and its content type.
func hooked(d *delivery) (body []byte, kind string) {
	raw, err := json.Marshal(d.payload)
	if err != nil {
		panic(err) // it was made here
	}
	const form = "application/x-www-form-urlencoded"
	switch d.kind {
	case "events_api":
		return raw, "application/json"
	case "interactive":
		return []byte(url.Values{"payload": {string(raw)}}.Encode()), form
	}
	values := url.Values{}
	for name, value := range d.payload {
		values.Set(name, value.(string))
	}
	return []byte(values.Encode()), form
}

func hook(ackIn time.Duration, address, kind, signature, timestamp string, attempt int, body []byte) (int, []byte) {
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("X-Slack-Signature", signature)
	request.Header.Set("X-Slack-Request-Timestamp", timestamp)
	if attempt > 0 {
		request.Header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
		request.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	client := &http.Client{Timeout: ackIn}
	resp, err := client.Do(request)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") && len(answer) > 0 {
		answer, _ = json.Marshal(object{"text": string(answer)})
	}
	return resp.StatusCode, answer
}
