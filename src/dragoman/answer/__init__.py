"""Questions to a store → plain rows: the same functions behind the command line, the JSON API, MCP and the browser.

``relations`` tells how two sides get on, ``alerts`` what changed, ``briefs`` writes a page, ``network`` draws who stands with whom,
``outlook`` says what to expect. Each takes an open store and plain values, and gives records or rows as the JSON has them.
"""
