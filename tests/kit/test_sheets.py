"""Spreadsheets as agencies' tools really write them."""

import csv
import datetime
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kit import sheets
from keepwell.kit.sheets import Fault, SheetError


def read(data: bytes, **options):
    with sheets.read(io.BytesIO(data), **options) as sheet:
        rows = list(sheet.rows)
        return sheet, rows


def cells(data: bytes, **options):
    sheet, rows = read(data, **options)
    return [sheet.headers, *(row.cells for row in rows)]


def book(*rows, **sheets_by_name):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for name, more in sheets_by_name.items():
        added = workbook.create_sheet(name)
        for row in more:
            added.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


TABLE = [["name", "city"], ["Zoë", "Tromsø"], ["Añil", "Łódź"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end(delimiter, encoding, end):
    text = end.join(delimiter.join(row) for row in TABLE) + end
    sheet, _ = read(text.encode(encoding))
    assert cells(text.encode(encoding)) == TABLE
    assert sheet.delimiter == delimiter


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_western_code_page_is_read_as_such(encoding):
    sheet, rows = read("name,city\nZoë,Tromsø\n".encode(encoding))
    assert rows[0].cells == ["Zoë", "Tromsø"]
    assert sheet.encoding == "cp1252" and sheet.notes == []


def test_cyrillic_code_page_is_recognised():
    line = "Обычное имя человека;город на большой реке\n" * 20
    sheet, rows = read(("имя;город\n" + line).encode("cp1251"))
    assert sheet.headers == ["имя", "город"] and rows[0].cells[1] == "город на большой реке"


@pytest.mark.parametrize("name", ["Mía Torres", "José Ángel Núñez", "Zoë", "Peña"])
def test_one_accent_in_a_short_list_makes_no_chinese_file(name):
    line = f"Night;mia@harbour.example;{name};1990-02-03\n"
    _, rows = read(f"Team;Correo;Nombre;Fecha de nacimiento\n{line}".encode("cp1252"))
    assert rows[0].cells[2] == name


@pytest.mark.parametrize(
    ("encoding", "name"), [("gb18030", "王小明"), ("big5", "陳大文"), ("shift_jis", "山田太郎"), ("cp1253", "Ελένη Παπαδοπούλου")]
)
def test_other_scripts_are_still_believed(encoding, name):
    lines = "".join(f"{name};{name}{name};{number}\n" for number in range(40))
    _, rows = read(f"name;team;number\n{lines}".encode(encoding))
    assert rows[0].cells[0] == name


def test_a_file_may_mix_encodings_line_by_line_and_says_so():
    data = "name,city\nZoë,Tromsø\n".encode() + "José,Málaga\n".encode("cp1252") + "Añil,Łódź\n".encode()
    sheet, rows = read(data)
    assert [row.cells for row in rows] == [["Zoë", "Tromsø"], ["José", "Málaga"], ["Añil", "Łódź"]]
    assert sheet.encoding == "utf-8 and cp1252"
    assert sheet.notes == ["The file mixes encodings: line 3 read as cp1252, the rest as UTF-8."]


def test_a_late_line_in_another_encoding_and_a_byte_no_code_page_has():
    data = b"a,b\n" + b"1,2\n" * 100_000 + b"\x81\xe9,3\n"
    _, rows = read(data)
    assert rows[-1] == sheets.Row(100_002, ["\x81é", "3"])


def test_the_excel_line_that_names_the_delimiter_is_left_out():
    sheet, rows = read(b"sep=;\r\na;b,c\r\n1;2\r\n")
    assert (sheet.headers, rows[0].cells, sheet.delimiter) == (["a", "b,c"], ["1", "2"], ";")
    assert sheet.notes == ["The first line names the delimiter and was left out."]


def test_commas_inside_text_do_not_win_over_the_real_delimiter():
    assert cells(b"id;note, if any;q1\n1;late, tired;3\n2;;4\n")[1] == ["1", "late, tired", "3"]
    assert cells(b"x;y\n1,5;2,5\n3,5;4,5\n")[0] == ["x", "y"]


def test_quoted_cells_may_hold_newlines_and_rows_keep_the_number_a_program_shows():
    sheet, rows = read(b'a,b\n"one\ntwo",1\n\nx,2\n')
    assert [(row.number, row.cells) for row in rows] == [(2, ["one\ntwo", "1"]), (4, ["x", "2"])]
    assert sheet.headers == ["a", "b"]


def test_ragged_rows_are_filled_or_set_aside_never_shifted():
    sheet, rows = read(b"a,b,c,,\n1\n1,2,3,4\n1,2,3,,\n ,,\n")
    assert sheet.headers == ["a", "b", "c"]
    assert [(row.cells, row.extra) for row in rows] == [
        (["1", "", ""], ()),
        (["1", "2", "3"], ("4",)),
        (["1", "2", "3"], ()),
    ]
    assert sheet.notes == ["Rows shorter than the header were filled with blanks: 2."]


def test_blank_and_double_headers_get_names_of_their_own():
    sheet, _ = read(b"name,,name,name (2),x\n1,2,3,4,5\n")
    assert sheet.headers == ["name", "(column 2)", "name (3)", "name (2)", "x"]
    assert sheet.duplicates == {"name"} and len(sheet.notes) == 2


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \n,,\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_says_so(data):
    with pytest.raises(SheetError, match="The file is empty"):
        read(data)


def test_a_million_columns_are_refused():
    with pytest.raises(SheetError, match=r"1,000,000 columns; a sheet can have at most 16,384\."):
        read(b",".join([b"x"] * 1_000_000) + b"\n1\n")


def test_a_quotation_mark_that_never_closes_is_told():
    with pytest.raises(SheetError, match="never closed"):
        read(b'a,b\n1,"2\n3,4\n')
    with pytest.raises(SheetError, match="never closed"):
        read(b'a,b\n1,"2\n' + b"3,4\n" * 60_000)
    with pytest.raises(SheetError, match="behind a closing quotation mark"):
        read(b'a,b\n1,"2"3\n')


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "old Excel file"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0", "not a spreadsheet"),
        (b"PK\x03\x04 torn", "damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_named(data, sentence):
    with pytest.raises(SheetError, match=sentence):
        read(data)


def test_a_missing_file_and_a_folder_are_told_kindly(tmp_path):
    with pytest.raises(SheetError, match="can't be opened: No such file"):
        sheets.read(tmp_path / "nowhere.csv")
    with pytest.raises(SheetError, match="is a folder"):
        sheets.read(tmp_path)


def test_workbooks_give_the_same_cells():
    data = book(
        ["name", "n", None, "when", "yes"],
        ["Zoë", 3.0, 1.5, datetime.datetime(2026, 11, 25), True],
        [None, None],
        ["Añil", 4, None, datetime.datetime(2026, 11, 25, 9, 30), False],
        Other=[["x"]],
    )
    sheet, rows = read(data)
    assert sheet.headers == ["name", "n", "(column 3)", "when", "yes"]
    assert [(row.number, row.cells) for row in rows] == [
        (2, ["Zoë", "3", "1.5", "2026-11-25", "TRUE"]),
        (4, ["Añil", "4", "", "2026-11-25T09:30:00", "FALSE"]),
    ]
    assert sheet.encoding == "xlsx" and "also has Other" in sheet.notes[1]
    assert cells(data, sheet="Other") == [["x"]]
    with pytest.raises(SheetError, match="no sheet 'Third'. The workbook has: Sheet, Other"):
        read(data, sheet="Third")


def test_a_formula_without_a_saved_result_stays_a_formula_and_is_told():
    sheet, rows = read(book(["a", "b"], [1, "=A2+1"]))
    assert rows[0].cells == ["1", "=A2+1"]
    assert "1 cells hold formulas without a saved result" in sheet.notes[-1]


def test_an_open_document_sheet_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", "x")
        archive.writestr("content.xml", "x")
    with pytest.raises(SheetError, match="OpenDocument"):
        sheets.read(tmp_path / "x.ods")


def test_a_stream_that_can_not_be_rewound_is_read_too():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    with sheets.read(Pipe(b"a,b\n1,2\n")) as sheet:
        assert [row.cells for row in sheet.rows] == [["1", "2"]]


def test_reading_keeps_memory_flat(tmp_path, monkeypatch):
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        path.write_text("id,a,b\n" + "".join(f"{n},1,2\n" for n in range(rows)))
        tracemalloc.start()
        try:
            with sheets.read(path) as sheet:
                assert sum(len(block.rows) for block in sheet.blocks(256)) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr("keepwell.kit.sheets.text.BLOCK", 1 << 13)
    assert peak(20_000) < peak(5_000) * 1.2


def test_faults_name_their_place():
    assert str(Fault(7, "b03", "is not a number.")) == "Row 7, column b03: is not a number."
    assert str(Fault(0, "", "The file is empty.")) == "The file is empty."


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@sum", "\tx", "\rx", "  =1", "＝1"])
def test_text_that_would_run_is_disarmed(cell):
    assert sheets.guard(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3", "+4.5", "1e5", "-2,5", "name", "", 3, -2.5, None])
def test_numbers_and_ordinary_text_stay_as_they_are(cell):
    assert sheets.guard(cell) == cell


def test_headers_are_guarded_too():
    out = io.StringIO()
    assert sheets.write_csv(out, ["=a", "b"], [["=1", -1], ["x", None]]) == 2
    assert out.getvalue() == "'=a,b\n'=1,-1\nx,\n"


plain = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12).map(str.strip)


@given(st.lists(st.lists(plain, min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from([",", ";", "\t"]))
def test_what_a_csv_writer_writes_comes_back(rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["first", "second", "third"])
    writer.writerows(rows)
    _, got = read(out.getvalue().encode("utf-8"))
    assert [row.cells for row in got] == [row for row in rows if any(row)]


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_sentence(data):
    try:
        sheet, rows = read(data)
    except SheetError as error:
        assert str(error).endswith(".")
    else:
        assert all(len(row.cells) == len(sheet.headers) for row in rows)
