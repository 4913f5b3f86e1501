"""Switchboard: a chat server for people and programs, and its terminal client."""
