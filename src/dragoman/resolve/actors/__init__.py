"""Who: a mention to an entity, country and sectors, with the evidence in words.

``words`` → ``phrase`` (a noun phrase taken apart) → ``compose`` (what it says on its own) → ``people`` (who is named
and introduced in the article) → ``article`` (the rest of the article fills what the phrase leaves open). ``registry``
holds names and role words, ``tables`` reads them.
"""

from dragoman.resolve.actors.article import ActorResolver, ArticleActors
from dragoman.resolve.actors.registry import Registry
from dragoman.resolve.actors.tables import load_registry

__all__ = ["ActorResolver", "ArticleActors", "Registry", "load_registry"]
