"""Instances: traps, threads, limits, and what a long life costs."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest
import values
import witgen_runtime
from conftest import COMPONENTS
from witgen_runtime import Component, InstanceError, LinkError, LoadError, Trap, _native, bind


def test_a_trap_ends_its_instance_alone(values_component: Component) -> None:
    one, other = (values.WORLD.load(values_component, ()) for _ in range(2))
    with pytest.raises(Trap, match="`trap`: wasm trap: wasm `unreachable` instruction executed") as caught:
        values.trap(one)
    assert caught.value.code == "unreachable"
    assert caught.value.frames == ("main!trap",)
    assert "in main!trap" in str(caught.value)
    with pytest.raises(InstanceError, match="has ended with a trap: `trap`"):
        values.nop(one)
    assert values.add(other, 1, 2) == 3


def test_endless_recursion_is_a_trap(values_component: Component) -> None:
    with pytest.raises(Trap) as caught:
        values.recurse(values.WORLD.load(values_component, ()))
    assert caught.value.code == "stack-overflow"
    assert len(str(caught.value).splitlines()) < 30


def test_another_thread_goes_on_while_a_guest_runs() -> None:
    instance = values.WORLD.load(COMPONENTS / "values.wasm", (), grants={"limits": {"deadline": "400ms"}})
    steps = 0
    done = threading.Event()

    def count() -> None:
        nonlocal steps
        while not done.wait(0.002):
            steps += 1

    thread = threading.Thread(target=count)
    thread.start()
    with pytest.raises(Trap, match="deadline") as caught:
        values.spin(instance)
    done.set()
    thread.join()
    assert caught.value.code == "deadline"
    assert steps > 20


def test_a_second_call_at_the_same_time_is_refused() -> None:
    instance = values.WORLD.load(COMPONENTS / "values.wasm", (), grants={"limits": {"deadline": "2s"}})
    ended = threading.Event()

    def spin() -> None:
        while not ended.is_set():
            try:
                values.spin(instance)
            except InstanceError:
                continue
            except Trap:
                ended.set()

    thread = threading.Thread(target=spin)
    thread.start()
    # The other thread may need a moment to get there.
    refused = ""
    while not (refused or ended.is_set()):
        try:
            values.nop(instance)
        except InstanceError as error:
            refused = str(error)
    assert "is running on another thread" in refused
    with pytest.raises(InstanceError, match="is running, so it cannot be closed"):
        instance.close()
    thread.join()


def test_one_thread_after_another_may_call(values_component: Component) -> None:
    instance = values.WORLD.load(values_component, ())
    results: list[int] = []
    for index in range(4):
        thread = threading.Thread(target=lambda index=index: results.append(values.add(instance, index, 1)))
        thread.start()
        thread.join()
    assert results == [1, 2, 3, 4]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_stops_a_guest() -> None:
    instance = values.WORLD.load(COMPONENTS / "values.wasm", (), interruptible=True)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    # A shell makes the programs that it runs in the background ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            values.spin(instance)
    finally:
        signal.signal(signal.SIGINT, before)
    timer.join()
    with pytest.raises(InstanceError):
        values.nop(instance)


def test_fuel_is_for_each_call() -> None:
    instance = values.WORLD.load(COMPONENTS / "values.wasm", (), grants={"limits": {"fuel": 10_000}})
    for _ in range(1000):
        values.nop(instance)
    with pytest.raises(Trap, match="`limits.fuel`") as caught:
        values.spin(instance)
    assert caught.value.code == "fuel"


def test_memory_is_limited(values_component: Component) -> None:
    instance = values.WORLD.load(values_component, (), grants={"limits": {"memory": "8MiB"}})
    assert values.grow(instance, 1) == 64
    with pytest.raises(Trap, match="more memory than `limits.memory` grants, which is 8MiB"):
        values.grow(instance, 1000)
    with pytest.raises(Trap, match="which is 1KiB"):
        values.WORLD.load(values_component, (), grants={"limits": {"memory": "1KiB"}})


@pytest.mark.parametrize(
    ("grants", "error", "message"),
    [
        ({"limits": {"memory": "many"}}, ValueError, '`limits.memory`: `many` is no size such as "256MiB"'),
        ({"limits": {"deadline": "soon"}}, ValueError, "`limits.deadline`: `soon` is no time"),
        ({"limits": {"fuel": -1}}, ValueError, "`limits.fuel`"),
        ({"limits": {"memroy": 1}}, ValueError, "did you mean `memory`?"),
        ({"stdio": {"stdout": 1}}, ValueError, "`stdio.stdout`: invalid type"),
        ({"stdio": True}, ValueError, "`stdio`: invalid type"),
        ({"filesystem": {"/": {"host": Path("\udcff")}}}, ValueError, "must be a path in UTF-8"),
        ({"stdio": {"stdout": None}}, TypeError, 'grants["stdio"]["stdout"] must not be NoneType'),
        ({"filesystem": {"/": {"host": "/no/such/folder"}}}, OSError, '`filesystem."/"`'),
    ],
)
def test_grants_are_checked(
    values_component: Component, grants: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        values.WORLD.load(values_component, (), grants=grants)
    assert message in str(caught.value)


def test_limits_need_a_component_that_has_them(values_component: Component) -> None:
    with pytest.raises(LoadError, match="interruptible=True"):
        values.WORLD.load(values_component, (), grants={"limits": {"deadline": "1s"}})
    with pytest.raises(LoadError, match="metered=True"):
        values.WORLD.load(values_component, (), grants={"limits": {"fuel": 1}})


def test_grants_come_from_files(tmp_path: Path, values_component: Component) -> None:
    path = tmp_path / "grants.toml"
    path.write_text('[limits]\nmemory = "8MiB"\n[stdio]\nstdout = true\n')
    instance = values.WORLD.load(values_component, (), grants=path)
    with pytest.raises(Trap, match="which is 8MiB"):
        values.grow(instance, 1000)
    path.write_text('[limits]\nmemory = "8MiB"\n[stdoi]\n')
    with pytest.raises(ValueError, match=r"grants.toml:3: unknown field `stdoi`.*did you mean `stdio`"):
        values.WORLD.load(values_component, (), grants=str(path))
    with pytest.raises(FileNotFoundError):
        values.WORLD.load(values_component, (), grants=tmp_path / "missing.toml")


def test_grants_hold_paths_and_sequences(tmp_path: Path, values_component: Component) -> None:
    grants = {
        "filesystem": {"/data": {"host": tmp_path}},
        "network": {"resolve": ("a.example", "b.example")},
        "limits": {"deadline": 1.5},
    }
    component = Component.load(COMPONENTS / "values.wasm", interruptible=True)
    values.nop(values.WORLD.load(component, (), grants=grants))


def test_components_come_from_paths_and_bytes(tmp_path: Path) -> None:
    wasm = (COMPONENTS / "values.wasm").read_bytes()
    for source in (COMPONENTS / "values.wasm", str(COMPONENTS / "values.wasm"), wasm, bytearray(wasm)):
        component = Component.load(source)
        assert "echo-string" in component.exports
        assert component.imports == []
    with pytest.raises(FileNotFoundError):
        Component.load(tmp_path / "absent.wasm")
    with pytest.raises(TypeError, match="a component is a path or bytes, not int"):
        Component.load(3)  # type: ignore[arg-type]
    for wrong, reason in [
        (b"\0asm\x01\0\0\0", "a core module, not a component"),
        (b"(component)", "a component in the text format"),
        (b"", "not a WebAssembly file"),
        (b"nonsense", "not a WebAssembly file"),
    ]:
        with pytest.raises(LoadError, match=reason):
            Component.load(wrong)


@pytest.mark.parametrize("interruptible", [False, True])
def test_precompiled_components(interruptible: bool) -> None:
    component = Component.load(COMPONENTS / "values.wasm", interruptible=interruptible)
    code = component.precompile()
    with values.WORLD.load(Component.load_precompiled(code), ()) as instance:
        assert values.add(instance, 1, 2) == 3
    with pytest.raises(LoadError, match="use `Component.load_precompiled`"):
        Component.load(code)
    with pytest.raises(LoadError, match=r"not a component that `Component.precompile` has made"):
        Component.load_precompiled(b"anything")
    with pytest.raises(LoadError, match=r"newer version|not a component"):
        Component.load_precompiled(code[:8] + b"\x09" + code[9:])
    other = code.replace(b"48.0.8", b"47.0.1", 1)
    with pytest.raises(LoadError, match=r"precompiled for wasmtime 47.0.1, this is 48.0.8"):
        Component.load_precompiled(other)
    with pytest.raises(LoadError):
        Component.load_precompiled(code[:60])


def test_the_engine_is_the_version_that_the_seam_was_written_for() -> None:
    root = Path(__file__).parents[4]
    packages = tomllib.loads((root / "Cargo.lock").read_text())["package"]
    locked = [package["version"] for package in packages if package["name"] == "wasmtime"]
    assert locked == [_native.WASMTIME_VERSION]
    manifest = tomllib.loads((root / "Cargo.toml").read_text())
    pin = manifest["workspace"]["dependencies"]["wasmtime"]["version"]
    assert pin == f"={_native.WASMTIME_VERSION}"


def test_components_that_do_not_fit_say_all_that_is_wrong(values_component: Component) -> None:
    export = bind.Export(None)
    export.function("add", {"left": bind.U32, "rigth": bind.U32}, bind.U32)
    export.function("echo-u8", {"value": bind.U16}, bind.U8)
    export.function("echo-color", {"value": values.RIGHTS}, values.COLOR)
    export.function(
        "echo-point", {"value": bind.record(values.Line, {"x": bind.S32, "y-axis": bind.F32})}, None
    )
    export.function("nop", {}, bind.BOOL)
    export.function("absent", {}, None)
    world = bind.World("test:wrong/world", imports=[], exports=[export, bind.Export("test:wrong/api")])
    with pytest.raises(LinkError) as caught:
        world.load(values_component, ())
    assert str(caught.value).splitlines() == [
        "the component does not fit the world `test:wrong/world`:",
        "  export `add`: a parameter is called `right`, not `rigth`",
        "  export `echo-u8`: parameter `value`: it is a u8, not a u16",
        "  export `echo-color`: parameter `value`: it is a enum, not a flags",
        "  export `echo-point`: parameter `value`: field `y-axis`: it is a f64, not a f32",
        "  export `nop`: it returns nothing",
        "  it does not export `absent`",
        "  it does not export `test:wrong/api`",
    ]


def test_unknown_imports_are_listed() -> None:
    world = bind.World("test:bare/world", imports=[], exports=[])
    with pytest.raises(LinkError, match="it imports `demo:app/host`, which `test:bare/world` does not have"):
        world.load(COMPONENTS / "demo.wasm", ())


def test_nothing_is_configured_too_late(values_component: Component) -> None:
    with pytest.raises(RuntimeError, match="a component was loaded before"):
        witgen_runtime.configure()


def test_a_late_faulthandler_does_no_harm() -> None:
    program = f"""
import faulthandler
import values
instance = values.WORLD.load({str(COMPONENTS / "values.wasm")!r}, ())
values.nop(instance)
faulthandler.enable()
for call in (values.trap, values.bad_pointer, values.recurse):
    try:
        call(values.WORLD.load({str(COMPONENTS / "values.wasm")!r}, ()))
    except Exception as error:
        print(type(error).__name__)
"""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["Trap"] * 3), done.stderr


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_failing_calls_keep_nothing(values_component: Component) -> None:
    instance = values.WORLD.load(values_component, ())
    good = values.Line("x" * 1000, 1)
    orders = [values.Order(1, [good, values.Line("y", 300)])]

    def fail(times: int) -> None:
        for _ in range(times):
            try:
                values.echo_orders(instance, orders)
            except OverflowError:
                continue
            raise AssertionError("it did not fail")

    fail(2_000)
    gc.collect()
    before = _resident()
    fail(200_000)
    gc.collect()
    assert _resident() - before < 2 << 20
    assert values.add(instance, 1, 1) == 2


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_calls_keep_nothing(values_component: Component) -> None:
    instance = values.WORLD.load(values_component, ())
    orders = [values.Order(1, [values.Line("x" * 1000, 1)] * 20)]

    def call(times: int) -> None:
        for _ in range(times):
            values.echo_orders(instance, orders)
            values.echo_results(instance, [witgen_runtime.Err("no")])
            values.echo_map(instance, {"a": 1})
            values.echo_nested_option(instance, witgen_runtime.Some(None))

    call(500)
    before = _resident()
    call(5_000)
    assert _resident() - before < 2 << 20
