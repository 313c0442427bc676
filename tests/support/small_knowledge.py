"""A knowledge base of a few sources, small enough to ingest in every test."""

import json
from pathlib import Path

GUIDE = {
    "kind": "service_guide",
    "id": "licence",
    "name": "个体工商户设立登记",
    "aliases": ["办营业执照"],
    "region": "990181",
    "conditions": "有经营能力的公民可以申请。",
    "materials": [
        {"name": "登记申请书", "originals": 1, "copies": 0, "form": "纸质", "required": True},
        {"name": "经营者身份证", "originals": 1, "copies": 1},
    ],
    "statutory_limit": {"value": 15, "unit": "workday"},
    "promised_limit": {"value": 3, "unit": "workday"},
    "fee": "不收费",
    "consult_phone": "0000-1234567（示例）",
    "tags": ["市场监管"],
    "source_url": "https://example.gov.cn/licence",
}
POLICY = {
    "kind": "policy_document",
    "id": "loan.md",
    "title": "示例县住房公积金贷款办法（示例）",
    "document_number": "示例发〔2025〕8号",
    "region": "990181",
    "effective_from": "2025-05-10",
    "text": (
        "第一条　为规范住房公积金贷款，制定本办法。\n\n"
        "第二条　缴存职工连续足额缴存住房公积金六个月以上的，可以申请住房公积金贷款。\n\n"
        "第三条　住房公积金贷款最高额度为八十万元。"
    ),
    "tags": ["公积金"],
}
FAQ = {
    "kind": "faq",
    "id": "faq-card",
    "question": "社保卡丢了怎么办？",
    "answer": "先打电话挂失，再带身份证到窗口补办。",
    "similar_questions": ["社保卡遗失如何处理"],
    "region": "990181",
    "tags": ["社保"],
}


def write_knowledge(folder: Path, *records: dict) -> Path:
    """A file of the exchange formats; without records it holds one of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"knowledge-{len(list(folder.iterdir()))}.jsonl"
    chosen = records or (GUIDE, POLICY, FAQ)
    lines = (json.dumps(record, ensure_ascii=False) for record in chosen)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
