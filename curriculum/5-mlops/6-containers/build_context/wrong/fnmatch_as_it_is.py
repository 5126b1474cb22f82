"""
expects: star_crosses_folders
Uses fnmatch on the whole path, whose star knows nothing of folders.
"""

from fnmatch import fnmatchcase


def build_context(files, lines):
    kept = []
    for file in files:
        sent = True
        for line in lines:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            exception, pattern = line.startswith("!"), line.removeprefix("!").strip(" /")
            names = [pattern, pattern + "/*"]
            if pattern.startswith("**/"):
                names += [pattern[3:], pattern[3:] + "/*"]
            if "/**/" in pattern:
                names += [pattern.replace("/**/", "/"), pattern.replace("/**/", "/") + "/*"]
            if any(fnmatchcase(file, name.replace("[", "[[]")) for name in names):
                sent = exception
        if sent:
            kept.append(file)
    return kept
