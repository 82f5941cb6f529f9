"""Every action a key can do, grouped as the shortcut sheet and the editor show them; marked for translation."""

from PySide6.QtCore import QCoreApplication

from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "ACTIONS",
    "ACTION_NAMES",
    "ANSWER_ACTIONS",
    "DRAG_WORDS",
    "WHEEL_WORDS",
    "action_text",
    "drag_text",
    "wheel_text",
]

ANSWER_ACTIONS: dict[str, str] = {
    "answer_present": "present",
    "answer_absent": "absent",
    "answer_uncertain": "uncertain",
    "answer_not_assessable": "not assessable",
}

ACTIONS: dict[str, dict[str, str]] = {
    QT_TRANSLATE_NOOP("Keymap", "Answers"): {
        "answer_present": QT_TRANSLATE_NOOP("Keymap", "present"),
        "answer_absent": QT_TRANSLATE_NOOP("Keymap", "absent"),
        "answer_uncertain": QT_TRANSLATE_NOOP("Keymap", "uncertain"),
        "answer_not_assessable": QT_TRANSLATE_NOOP("Keymap", "not assessable"),
        "rest_absent": QT_TRANSLATE_NOOP("Keymap", "answer all the rest absent"),
        "edit_answer": QT_TRANSLATE_NOOP("Keymap", "open choices, or a text"),
        "next_item": QT_TRANSLATE_NOOP("Keymap", "next item"),
        "previous_item": QT_TRANSLATE_NOOP("Keymap", "previous item"),
        "next_unanswered": QT_TRANSLATE_NOOP("Keymap", "next unanswered item"),
        "item_help": QT_TRANSLATE_NOOP("Keymap", "help and examples of the item"),
        "undo": QT_TRANSLATE_NOOP("Keymap", "undo answer or mark"),
        "redo": QT_TRANSLATE_NOOP("Keymap", "redo"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Cases"): {
        "finish_case": QT_TRANSLATE_NOOP("Keymap", "finish the case"),
        "previous_case": QT_TRANSLATE_NOOP("Keymap", "back to the case before"),
        "next_case": QT_TRANSLATE_NOOP("Keymap", "forward to the next case"),
        "flag_case": QT_TRANSLATE_NOOP("Keymap", "flag the case with a comment"),
        "instructions": QT_TRANSLATE_NOOP("Keymap", "reading instructions"),
        "leave": QT_TRANSLATE_NOOP("Keymap", "leave (everything is saved)"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Image"): {
        "zoom_in": QT_TRANSLATE_NOOP("Keymap", "zoom in"),
        "zoom_out": QT_TRANSLATE_NOOP("Keymap", "zoom out"),
        "fit": QT_TRANSLATE_NOOP("Keymap", "fit to the screen"),
        "fill": QT_TRANSLATE_NOOP("Keymap", "fill the screen"),
        "one_to_one": QT_TRANSLATE_NOOP("Keymap", "one image pixel per screen pixel"),
        "true_size": QT_TRANSLATE_NOOP("Keymap", "true size in millimetres"),
        "pan_left": QT_TRANSLATE_NOOP("Keymap", "move left"),
        "pan_right": QT_TRANSLATE_NOOP("Keymap", "move right"),
        "pan_up": QT_TRANSLATE_NOOP("Keymap", "move up"),
        "pan_down": QT_TRANSLATE_NOOP("Keymap", "move down"),
        "rotate_left": QT_TRANSLATE_NOOP("Keymap", "rotate left"),
        "rotate_right": QT_TRANSLATE_NOOP("Keymap", "rotate right"),
        "flip_horizontal": QT_TRANSLATE_NOOP("Keymap", "flip left and right"),
        "flip_vertical": QT_TRANSLATE_NOOP("Keymap", "flip top and bottom"),
        "smoothing": QT_TRANSLATE_NOOP("Keymap", "smooth pixels on or off"),
        "magnifier": QT_TRANSLATE_NOOP("Keymap", "hold for the magnifier"),
        "probe": QT_TRANSLATE_NOOP("Keymap", "value under the pointer"),
        "reset_view": QT_TRANSLATE_NOOP("Keymap", "reset window, zoom and position"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Grey scale"): {
        "invert": QT_TRANSLATE_NOOP("Keymap", "invert grey scale"),
        "window_wider": QT_TRANSLATE_NOOP("Keymap", "window wider"),
        "window_narrower": QT_TRANSLATE_NOOP("Keymap", "window narrower"),
        "level_up": QT_TRANSLATE_NOOP("Keymap", "window centre up"),
        "level_down": QT_TRANSLATE_NOOP("Keymap", "window centre down"),
        "window_region": QT_TRANSLATE_NOOP("Keymap", "window from a region"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Stacks and layout"): {
        "next_frame": QT_TRANSLATE_NOOP("Keymap", "next slice"),
        "previous_frame": QT_TRANSLATE_NOOP("Keymap", "previous slice"),
        "first_frame": QT_TRANSLATE_NOOP("Keymap", "first slice"),
        "last_frame": QT_TRANSLATE_NOOP("Keymap", "last slice"),
        "frames_forward": QT_TRANSLATE_NOOP("Keymap", "ten slices forward"),
        "frames_back": QT_TRANSLATE_NOOP("Keymap", "ten slices back"),
        "cine": QT_TRANSLATE_NOOP("Keymap", "play or stop slices"),
        "cine_faster": QT_TRANSLATE_NOOP("Keymap", "play faster"),
        "cine_slower": QT_TRANSLATE_NOOP("Keymap", "play slower"),
        "slab_thicker": QT_TRANSLATE_NOOP("Keymap", "thicker slab"),
        "slab_thinner": QT_TRANSLATE_NOOP("Keymap", "thinner slab"),
        "slab_mode": QT_TRANSLATE_NOOP("Keymap", "slab: mean or maximum"),
        "next_image": QT_TRANSLATE_NOOP("Keymap", "next image of the case"),
        "previous_image": QT_TRANSLATE_NOOP("Keymap", "previous image of the case"),
        "layout_1x1": QT_TRANSLATE_NOOP("Keymap", "one image"),
        "layout_1x2": QT_TRANSLATE_NOOP("Keymap", "two images"),
        "layout_2x2": QT_TRANSLATE_NOOP("Keymap", "four images"),
        "layout_mpr": QT_TRANSLATE_NOOP("Keymap", "three planes of a stack, or one"),
        "plane_next": QT_TRANSLATE_NOOP("Keymap", "next plane of a stack"),
        "layout_next": QT_TRANSLATE_NOOP("Keymap", "next layout"),
        "maximise": QT_TRANSLATE_NOOP("Keymap", "one image large, or all"),
        "link_zoom": QT_TRANSLATE_NOOP("Keymap", "link zoom on or off"),
        "link_scroll": QT_TRANSLATE_NOOP("Keymap", "link slices on or off"),
        "link_window": QT_TRANSLATE_NOOP("Keymap", "link window on or off"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Marks"): {
        "draw_arrow": QT_TRANSLATE_NOOP("Keymap", "arrow for the item in focus"),
        "draw_box": QT_TRANSLATE_NOOP("Keymap", "box for the item in focus"),
        "draw_ellipse": QT_TRANSLATE_NOOP("Keymap", "ellipse"),
        "draw_star": QT_TRANSLATE_NOOP("Keymap", "star for the item in focus"),
        "draw_polyline": QT_TRANSLATE_NOOP("Keymap", "line of points"),
        "draw_freehand": QT_TRANSLATE_NOOP("Keymap", "freehand line"),
        "draw_mask": QT_TRANSLATE_NOOP("Keymap", "paint a region for the item in focus"),
        "erase_mask": QT_TRANSLATE_NOOP("Keymap", "erase from a painted region"),
        "brush_larger": QT_TRANSLATE_NOOP("Keymap", "wider brush"),
        "brush_smaller": QT_TRANSLATE_NOOP("Keymap", "finer brush"),
        "measure_length": QT_TRANSLATE_NOOP("Keymap", "measure a length"),
        "measure_angle": QT_TRANSLATE_NOOP("Keymap", "measure an angle"),
        "measure_cobb": QT_TRANSLATE_NOOP("Keymap", "measure a Cobb angle"),
        "measure_region": QT_TRANSLATE_NOOP("Keymap", "values of a region"),
        "next_mark": QT_TRANSLATE_NOOP("Keymap", "next mark"),
        "previous_mark": QT_TRANSLATE_NOOP("Keymap", "previous mark"),
        "marks_list": QT_TRANSLATE_NOOP("Keymap", "list of marks"),
        "duplicate_mark": QT_TRANSLATE_NOOP("Keymap", "duplicate the selected mark"),
        "delete_mark": QT_TRANSLATE_NOOP("Keymap", "delete the selected mark"),
        "hide_marks": QT_TRANSLATE_NOOP("Keymap", "hold to hide marks and text"),
        "explanation": QT_TRANSLATE_NOOP("Keymap", "show or hide the explanation"),
        "explanation_stronger": QT_TRANSLATE_NOOP("Keymap", "explanation more strongly"),
        "explanation_weaker": QT_TRANSLATE_NOOP("Keymap", "explanation more weakly"),
        "cancel": QT_TRANSLATE_NOOP("Keymap", "cancel (never closes a case)"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Counterfactuals"): {
        "blink": QT_TRANSLATE_NOOP("Keymap", "hold for the reconstruction in the counterfactual's place"),
        "finding_next": QT_TRANSLATE_NOOP("Keymap", "next finding"),
        "finding_previous": QT_TRANSLATE_NOOP("Keymap", "previous finding"),
        "finding_direction": QT_TRANSLATE_NOOP("Keymap", "towards the finding, or away from it"),
        "findings_grid": QT_TRANSLATE_NOOP("Keymap", "all findings, or one"),
        "draw_in_full": QT_TRANSLATE_NOOP("Keymap", "draw in full"),
        "save_picture": QT_TRANSLATE_NOOP("Keymap", "save the picture"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Program"): {
        "shortcuts": QT_TRANSLATE_NOOP("Keymap", "show or hide this sheet"),
        "preferences": QT_TRANSLATE_NOOP("Keymap", "keys, mouse and preferences"),
        "second_window": QT_TRANSLATE_NOOP("Keymap", "images on the second screen"),
        "full_screen": QT_TRANSLATE_NOOP("Keymap", "full screen on or off"),
    },
}

ACTION_NAMES: frozenset[str] = frozenset(action for group in ACTIONS.values() for action in group)

# What a drag and the wheel can do, in the order in which people look for it.
DRAG_WORDS: dict[str, str] = {
    "window": QT_TRANSLATE_NOOP("Keymap", "window: width and centre"),
    "pan": QT_TRANSLATE_NOOP("Keymap", "move the image"),
    "zoom": QT_TRANSLATE_NOOP("Keymap", "zoom"),
    "scroll": QT_TRANSLATE_NOOP("Keymap", "scroll slices"),
    "window_region": QT_TRANSLATE_NOOP("Keymap", "window from a region"),
    "magnify": QT_TRANSLATE_NOOP("Keymap", "magnifier"),
}
WHEEL_WORDS: dict[str, str] = {
    "scroll": QT_TRANSLATE_NOOP("Keymap", "slices, or zoom"),
    "zoom": QT_TRANSLATE_NOOP("Keymap", "zoom"),
    "brush": QT_TRANSLATE_NOOP("Keymap", "size of the brush in hand"),
}


def action_text(action: str) -> str:
    """What an action does, in the person's language. Raises KeyError where there is none of that name."""
    texts = {name: text for group in ACTIONS.values() for name, text in group.items()}
    return QCoreApplication.translate("Keymap", texts[action])


def drag_text(drag: str) -> str:
    """What a drag does, in the person's language."""
    return QCoreApplication.translate("Keymap", DRAG_WORDS[drag])


def wheel_text(verb: str) -> str:
    """What the wheel does, in the person's language."""
    return QCoreApplication.translate("Keymap", WHEEL_WORDS[verb])
