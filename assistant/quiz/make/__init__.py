"""Questions made from provisions and norms, without a language model."""

from assistant.quiz.make.generator import Generator as Generator
from assistant.quiz.make.generator import article_rng as article_rng
