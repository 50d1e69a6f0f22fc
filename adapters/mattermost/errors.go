package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

// Errors of the server that are told apart by their id.
const (
	errNotMember     = "app.channel.get_member.missing.app_error"
	errNotInTeam     = "app.team.get_member.missing.app_error"
	errNameTaken     = "store.sql_channel.save_channel.exists.app_error"
	errNoSuchUser    = "app.user.missing_account.const"
	errNobody        = "api.channel.create_direct_channel.invalid_user.app_error"
	errPermission    = "api.context.permissions.app_error"
	errAlreadyClosed = "api.channel.delete_channel.deleted.app_error"
	errClosed        = "api.post.create_post.can_not_post_to_deleted.error"
	errTooLong       = "model.post.is_valid.message_length.app_error"
	errPending       = "api.post.deduplicate_create_post.pending"
)

// missing are the refusals for want of somebody, whatever their status.
var missing = []string{errNoSuchUser, errNotMember, errNobody}

// never are the refusals that time does not change.
var never = []string{errPermission, errNotInTeam, errNameTaken, errClosed, errTooLong}

// ErrToken: the server does not know the bot's token.
var ErrToken = errors.New("the token is not valid, was revoked, or the bot's account is disabled")

// failure makes of an error of the server one of the contract, and leaves out
// all that the server says in words, which can name people.
func failure(op string, resp *model.Response, err error) error {
	var web *url.Error
	if errors.As(err, &web) {
		err = web.Err // the address can hold a handle
	}
	if later := (*chat.RetryError)(nil); errors.As(err, &later) {
		return fmt.Errorf("mattermost: %s: %w", op, later)
	}
	id := errorID(err)
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	said := fmt.Errorf("mattermost: %s: status %d %s", op, status, id)
	switch {
	case resp == nil && errors.Is(err, context.Canceled):
		return fmt.Errorf("mattermost: %s: %w", op, context.Canceled)
	case resp == nil && id == "":
		return fmt.Errorf("mattermost: %s: no answer: %w", op, err)
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "":
		return &chat.RetryError{After: retryAfter(resp.Header), Err: said}
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", said, ErrToken)
	case status == http.StatusNotFound || slices.Contains(missing, id):
		return fmt.Errorf("%w: %w", said, chat.ErrNotFound)
	case slices.Contains(never, id), status >= 400 && status < 500 && status != http.StatusRequestTimeout:
		return fmt.Errorf("%w: %w", said, chat.ErrRefused)
	}
	return said
}

// errorID is the id of the server's error; empty when it is another's.
func errorID(err error) string {
	var app *model.AppError
	if errors.As(err, &app) {
		return app.Id
	}
	return ""
}

// retryAfter reads how long to wait: a second unless the server says a sensible
// time.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 3600 {
		return time.Second
	}
	return time.Duration(seconds) * time.Second
}
