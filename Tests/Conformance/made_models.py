"""Models for tests of downloads: the small random one, as large as wanted, whole or in parts."""

import os
from pathlib import Path

import gguf

TINY = Path(__file__).resolve().parent.parent.parent / "Fixtures" / "random-tiny.gguf"


def grow(path, byte_count):
    """Makes a file so large: what follows its tensors is random and belongs to none."""
    with open(path, "ab") as file:
        while (missing := byte_count - file.tell()) > 0:
            file.write(os.urandom(min(missing, 1 << 24)))


def make_file(path, byte_count):
    """A model that runs, in one file of this size."""
    Path(path).write_bytes(TINY.read_bytes())
    grow(path, byte_count)
    return path


def make_parts(folder, name, count, byte_count=0):
    """A model that runs, in parts NAME-0000N-of-0000M.gguf, which are so large together; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    reader = gguf.GGUFReader(TINY)
    largest = -(-len(reader.tensors) // count)
    writer = gguf.GGUFWriter(str(folder / f"{name}.gguf"), "gpt-oss", split_max_tensors=largest)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        is_array = field.types[0] == gguf.GGUFValueType.ARRAY
        writer.add_key_value(
            field.name, field.contents(), field.types[0], sub_type=field.types[-1] if is_array else None)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    paths = [folder / f"{name}-{number:05}-of-{count:05}.gguf" for number in range(1, count + 1)]
    for path in paths:
        grow(path, byte_count // count)
    return paths
