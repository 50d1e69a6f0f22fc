package workspace

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// file is one that the app gives, or somebody.
type file struct {
	id, name, title string
	user            string
	length          int
	body            []byte
	uploaded        bool
	shared          map[*conversation]string // where it is shown, and in which message
}

// shownFile gives a file as the app may read it.
func (w *Workspace) shownFile(f *file) object {
	return object{"id": f.id, "name": f.name, "title": f.title, "size": f.length, "user": f.user}
}

func filesGetUploadURL(c *call) (object, error) {
	length, err := strconv.Atoi(c.text("length"))
	name := c.text("filename")
	if err != nil || length <= 0 || name == "" {
		return nil, refuse("invalid_arguments")
	}
	f := &file{id: c.id("F"), name: name, title: name, user: c.bot.ID, length: length, shared: map[*conversation]string{}}
	c.files[f.id] = f
	return object{"upload_url": c.front + "/upload/" + f.id, "file_id": f.id}, nil
}

// serveUpload takes the body of a file, of the length that was said.
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	body, err := uploaded(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[r.PathValue("file")]
	if err != nil || f == nil || f.body != nil || len(body) != f.length {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	f.body = body
	if w.cut("upload") {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(rw, "OK - %d", len(body))
}

func uploaded(r *http.Request) ([]byte, error) {
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(part)
}

// filesComplete ends uploads, and shows the files in a channel.
func filesComplete(c *call) (object, error) {
	given, _, err := c.value("files")
	list, ok := given.([]any)
	if err != nil || !ok || len(list) == 0 {
		return nil, refuse("invalid_arguments")
	}
	var done []*file
	for _, item := range list {
		about, _ := item.(object)
		id, _ := about["id"].(string)
		f := c.files[id]
		if f == nil || f.body == nil || f.uploaded {
			return nil, refuse("file_not_found")
		}
		if title, _ := about["title"].(string); title != "" {
			f.title = title
		}
		done = append(done, f)
	}
	var ch *conversation
	if id := c.text("channel_id"); id != "" {
		ch = c.findChannel(id)
		if ch == nil || ch.private && !ch.has(c.bot.ID) || ch.archived {
			return nil, refuse("invalid_channel")
		}
		if !ch.has(c.bot.ID) {
			return nil, refuse("posting_to_channel_denied")
		}
	}
	m := &message{user: c.bot.ID, thread: c.text("thread_ts")}
	if ch != nil && m.thread != "" && ch.message(m.thread) == nil {
		return nil, refuse("thread_not_found")
	}
	if c.text("initial_comment") != "" || c.text("blocks") != "" {
		c.args["text"] = c.text("initial_comment")
		if m, err = c.written(); err != nil {
			return nil, err
		}
	}
	files := []object{}
	for _, f := range done {
		f.uploaded = true
		m.files = append(m.files, f.id)
		c.keep("file", object{"name": f.name, "title": f.title, "body": string(f.body)})
		files = append(files, object{"id": f.id, "title": f.title})
	}
	if ch != nil {
		c.post(ch, m)
		for _, f := range done {
			f.shared[ch] = m.ts
		}
	}
	return object{"files": files}, nil
}

// filesDelete deletes a file; it is in no message any more.
func filesDelete(c *call) (object, error) {
	f := c.files[c.text("file")]
	if f == nil {
		return nil, refuse("file_not_found")
	}
	delete(c.files, f.id)
	for ch, ts := range f.shared {
		m := ch.message(ts)
		if m == nil {
			continue
		}
		var left []string
		for _, id := range m.files {
			if id != f.id {
				left = append(left, id)
			}
		}
		m.files = left
		if m.text == "" && len(m.blocks) == 0 && len(left) == 0 {
			c.erase(ch, m)
		}
	}
	return object{}, nil
}
