"""Colours and fonts of the Gradio parts: system Chinese fonts, ink on white, deep blue."""

from __future__ import annotations

import gradio as gr

FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
BLUE = gr.themes.Color(
    name="zhize",
    c50="#f2f6fb", c100="#e1eaf5", c200="#c3d4ea", c300="#97b4d8", c400="#5f88bd", c500="#33639f",
    c600="#1f4e8c", c700="#1a4177", c800="#16355f", c900="#122a4b", c950="#0c1d35",
)  # fmt: skip


def make_theme() -> gr.themes.Base:
    """Return the theme; no font or colour of it is fetched from anywhere."""
    theme = gr.themes.Base(
        primary_hue=BLUE,
        secondary_hue=BLUE,
        neutral_hue=gr.themes.colors.slate,
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_sm,
        font=[gr.themes.Font(name) for name in FONTS],
        font_mono=[gr.themes.Font("monospace")],
    )
    return theme.set(
        body_background_fill="#f5f7fa",
        body_text_color="#14202f",
        block_label_text_color="#2b3a4e",
        block_title_text_color="#2b3a4e",
        block_info_text_color="#46566b",
        block_border_width="0px",
        block_background_fill="transparent",
        block_shadow="none",
        input_background_fill="#ffffff",
        input_border_color="#7d8ca1",
        input_border_color_focus="#1f4e8c",
        input_border_width="1.5px",
        input_placeholder_color="#5c6b80",
        button_primary_background_fill="#1f4e8c",
        button_primary_background_fill_hover="#16355f",
        button_primary_text_color="#ffffff",
    )
