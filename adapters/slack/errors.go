package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
)

// Errors of Slack that are told apart by their code.
const (
	errAlreadyIn       = "already_in_channel"
	errAlreadyArchived = "already_archived"
	errAlreadyPinned   = "already_pinned"
	errArchived        = "is_archived"
	errNameTaken       = "name_taken"
	errNoChannel       = "channel_not_found"
	errNoMessage       = "message_not_found"
	errNotIn           = "not_in_channel"
	errNoFile          = "file_not_found"
	errFileGone        = "file_deleted"
	errNoAccess        = "access_denied"
)

// missing are the refusals for want of somebody or something.
var missing = []string{errNoChannel, errNoMessage, errNoFile, errFileGone, "user_not_found", "users_not_found", "user_not_visible", "thread_not_found", "cant_update_message"}

// passing are the refusals that time may mend: those of a service in trouble, and
// those that somebody mends by putting the bot back.
var passing = []string{errNotIn, "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "external_channel_migrating", "accesslimited"}

// unlet are the refusals that an administrator mends by giving the bot a right again.
var unlet = []string{"missing_scope", errNoAccess, "ekm_access_denied", "team_access_not_granted", "two_factor_setup_required"}

// errUnlet: the bot may not, until an administrator lets it.
var errUnlet = errors.New("the bot is not let do it")

// hurried are the refusals of who goes too fast.
var hurried = []string{"ratelimited", "rate_limited", "message_limit_exceeded"}

// barred are the refusals of the bot itself.
var barred = []string{"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required", "app_uninstalled"}

// ErrToken: Slack does not know the bot's token, or the app's.
var ErrToken = errors.New("the token is not valid, was revoked, or the app was uninstalled")

// failure makes of an error of Slack one of the contract, and leaves out all that is
// said in words and every address: both can tell of people, and an address can be a
// secret.
func failure(op string, err error) error {
	var web *url.Error
	if errors.As(err, &web) {
		err = web.Err
	}
	var network net.Error
	var slow *slack.RateLimitedError
	var status slack.StatusCodeError
	code := codeOf(err)
	said := fmt.Errorf("slack: %s: %s", op, code)
	switch {
	case errors.As(err, &slow):
		return &chat.RetryError{After: patience(slow.RetryAfter), Err: fmt.Errorf("slack: %s: too fast", op)}
	case slices.Contains(hurried, code):
		return &chat.RetryError{After: patience(0), Err: said}
	case slices.Contains(barred, code):
		return fmt.Errorf("%w: %w", said, ErrToken)
	case slices.Contains(passing, code):
		return said
	case slices.Contains(unlet, code):
		return fmt.Errorf("%w: %w", said, errUnlet)
	case slices.Contains(missing, code):
		return fmt.Errorf("%w: %w", said, chat.ErrNotFound)
	case code != "":
		return fmt.Errorf("%w: %w", said, chat.ErrRefused)
	case errors.As(err, &status):
		return statusFailure(op, status.Code)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("slack: %s: %w", op, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("slack: %s: %w", op, context.DeadlineExceeded)
	case web != nil || errors.As(err, &network):
		return fmt.Errorf("slack: %s: no answer: %w", op, err)
	}
	// The error of an answer that could not be read can quote it.
	return fmt.Errorf("slack: %s: an answer that makes no sense", op)
}

func statusFailure(op string, status int) error {
	said := fmt.Errorf("slack: %s: status %d", op, status)
	switch {
	case status == http.StatusTooManyRequests:
		return &chat.RetryError{After: patience(0), Err: said}
	case status >= 400 && status < 500 && status != http.StatusRequestTimeout:
		return fmt.Errorf("%w: %w", said, chat.ErrRefused)
	}
	return said
}

var plainCode = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// codeOf is the code of an error of Slack; empty when it is another's.
func codeOf(err error) string {
	var said slack.SlackErrorResponse
	switch {
	case !errors.As(err, &said):
		return ""
	case !plainCode.MatchString(said.Err):
		return "unknown"
	}
	return said.Err
}

// patience is how long to wait: a second unless Slack says a sensible time.
func patience(said time.Duration) time.Duration {
	if said < time.Second || said > time.Hour {
		return time.Second
	}
	return said
}
