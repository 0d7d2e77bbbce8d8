"""How long something takes, for people."""


def describe_duration(seconds: float | None) -> str:
    """2 h 05 min, 7 min, 12 s; a question mark where it is not known."""
    if seconds is None:
        return "?"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
