package channel

// Advice says what to do about a reason, to the person who set the channel up.
func Advice(r Reason) string {
	switch r {
	case Timeout:
		return "the other side did not answer in time; is it overloaded, or is a firewall in between?"
	case Unreachable:
		return "no connection; check host, port and firewall"
	case Interrupted:
		return "the connection broke while the message was sent; it may have arrived"
	case TLSFailed:
		return "the certificate was not accepted or TLS is not offered; name the authority in ca_file, and the host as in the certificate"
	case AuthFailed:
		return "the login or the signature was not accepted; check user name, password file and secret"
	case Busy:
		return "the other side asks to come back later; this is done by itself"
	case Refused:
		return "the other side refuses the message; check the address, for a robot its security settings"
	case Redirected:
		return "the other side points elsewhere and redirects are not followed; give the final address"
	case HostNotAllowed:
		return "add the host to notify.webhook.hosts"
	case PrivateAddress:
		return "the host lies on a private address; if that is meant, add it to notify.webhook.private_hosts"
	case BadAddress:
		return "the address is not valid for this kind of channel"
	case NotConfigured:
		return "the channel is not configured: see notify.smtp, notify.webhook.secrets_file, notify.robots_file, notify.kafka"
	case TooLarge:
		return "the message is larger than the channel takes"
	}
	return ""
}
