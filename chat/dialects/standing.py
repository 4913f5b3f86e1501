"""Standing: what one is told about one's account, and about invitations."""

from chat.domain.answers import (
    AccountGone,
    AccountsAre,
    AlwaysOnIs,
    CredentialSet,
    CredentialWanted,
    LinkIs,
    LinksAre,
    NickWanted,
    Redeemed,
    Registered,
    SessionsAre,
    Standing,
)


def told(  # noqa: C901, PLR0912 - flat
    answer: Standing,
) -> str:
    """*answer* in words."""
    match answer:
        case Registered():
            raise NotImplementedError
        case CredentialSet():
            raise NotImplementedError
        case CredentialWanted():
            raise NotImplementedError
        case AccountGone():
            raise NotImplementedError
        case AlwaysOnIs():
            raise NotImplementedError
        case NickWanted():
            raise NotImplementedError
        case SessionsAre():
            raise NotImplementedError
        case AccountsAre():
            raise NotImplementedError
        case LinkIs():
            raise NotImplementedError
        case LinksAre():
            raise NotImplementedError
        case Redeemed():
            raise NotImplementedError
