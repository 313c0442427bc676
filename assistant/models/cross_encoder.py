"""A cross-encoder of sentence-transformers, where `ASSISTANT_RERANKER_MODEL` names one."""

from collections.abc import Sequence

from assistant.errors import ModelFailed

_BATCH = 32


class CrossJudge:
    """Says how well each text answers a question: one number a text, more is better."""

    def __init__(self, name: str, *, offline: bool = False) -> None:
        """Load it now, so that a wrong name shows at the start. Raises ModelFailed."""
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise ModelFailed(
                "ASSISTANT_RERANKER_MODEL 需要 sentence-transformers",
                hint="请安装：pip install 'livestream-question-desk[models]'，或不设此项",
            ) from error
        try:
            self._model = CrossEncoder(name, device="cpu", local_files_only=offline)
        except Exception as error:
            raise ModelFailed(
                f"重排模型 {name} 无法载入",
                hint="请检查 ASSISTANT_RERANKER_MODEL 的路径或名称；离线时须先把模型放在本机",
            ) from error

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        """Numbers beside the texts. Raises ModelFailed."""
        pairs = [(question, text) for text in texts]
        try:
            made = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
            numbers = [float(value) for value in made]
        except Exception as error:
            raise ModelFailed("重排模型计算失败", hint=str(error)[:200]) from error
        return numbers


def build_judge(name: str | None, *, offline: bool = False) -> CrossJudge | None:
    """The judge of a path or name; None for None."""
    return CrossJudge(name, offline=offline) if name else None
