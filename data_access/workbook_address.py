"""How a cell is named: "C7" for people, (7, 2) for code."""

Cell = tuple[int, int]  # row number as Excel counts (from 1), column index as Python counts (from 0)


def column_index(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def cell_name(row_number: int, column: int) -> str:
    """`cell_name(7, 2)` is "C7"."""
    return f"{column_letters(column)}{row_number}"
