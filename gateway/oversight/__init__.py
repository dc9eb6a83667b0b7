"""What staff do about a match: read it, set a reason aside, write a note, talk to people, hand it over. All is audited."""
