"""Writes FlowJo's analyses of one tube with the keywords that FlowJo took over from its file."""

from __future__ import annotations

from collections.abc import Mapping


def workspace_of(keywords: Mapping[str, str]) -> str:
    words = "".join(f'<Keyword name="{key}" value="{text}"/>' for key, text in keywords.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Workspace version="20.0" flowJoVersion="10.9.0">'
        f"<SampleList><Sample><Keywords>{words}</Keywords>"
        '<SampleNode name="tube.fcs" count="2000" sampleID="1"><Subpopulations>'
        '<Population name="Cells" count="1800"><Subpopulations>'
        '<Population name="Viable" count="1700"/></Subpopulations></Population>'
        "</Subpopulations></SampleNode></Sample></SampleList></Workspace>\n"
    )


def flowjo_table(keywords: Mapping[str, str]) -> str:
    head = ",".join(["", "Cells | Count", "Cells/Viable | Count", *keywords])
    return f"{head}\n{','.join(['tube.fcs', '1800', '1700', *keywords.values()])}\n"
