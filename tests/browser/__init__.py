"""The pages of ``dragoman serve`` in a real Chromium, driven by Playwright, over a real server and a real store."""
