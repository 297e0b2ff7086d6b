/* Written by scripts/web-assets. */
#include "CWebAssets.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char asset_components_dialog_js[] = {
#embed "../../../web/components/dialog.js" suffix(, )
0};
static const unsigned char asset_components_emptyState_js[] = {
#embed "../../../web/components/emptyState.js" suffix(, )
0};
static const unsigned char asset_components_errorBox_js[] = {
#embed "../../../web/components/errorBox.js" suffix(, )
0};
static const unsigned char asset_components_menu_js[] = {
#embed "../../../web/components/menu.js" suffix(, )
0};
static const unsigned char asset_components_palette_js[] = {
#embed "../../../web/components/palette.js" suffix(, )
0};
static const unsigned char asset_components_state_js[] = {
#embed "../../../web/components/state.js" suffix(, )
0};
static const unsigned char asset_components_toast_js[] = {
#embed "../../../web/components/toast.js" suffix(, )
0};
static const unsigned char asset_icon_svg[] = {
#embed "../../../web/icon.svg" suffix(, )
0};
static const unsigned char asset_index_html[] = {
#embed "../../../web/index.html" suffix(, )
0};
static const unsigned char asset_lib_api_js[] = {
#embed "../../../web/lib/api.js" suffix(, )
0};
static const unsigned char asset_lib_assets_js[] = {
#embed "../../../web/lib/assets.js" suffix(, )
0};
static const unsigned char asset_lib_colours_js[] = {
#embed "../../../web/lib/colours.js" suffix(, )
0};
static const unsigned char asset_lib_dom_js[] = {
#embed "../../../web/lib/dom.js" suffix(, )
0};
static const unsigned char asset_lib_events_js[] = {
#embed "../../../web/lib/events.js" suffix(, )
0};
static const unsigned char asset_lib_format_js[] = {
#embed "../../../web/lib/format.js" suffix(, )
0};
static const unsigned char asset_lib_icons_js[] = {
#embed "../../../web/lib/icons.js" suffix(, )
0};
static const unsigned char asset_lib_keyboard_js[] = {
#embed "../../../web/lib/keyboard.js" suffix(, )
0};
static const unsigned char asset_lib_router_js[] = {
#embed "../../../web/lib/router.js" suffix(, )
0};
static const unsigned char asset_lib_session_js[] = {
#embed "../../../web/lib/session.js" suffix(, )
0};
static const unsigned char asset_lib_urlState_js[] = {
#embed "../../../web/lib/urlState.js" suffix(, )
0};
static const unsigned char asset_main_js[] = {
#embed "../../../web/main.js" suffix(, )
0};
static const unsigned char asset_styles_base_css[] = {
#embed "../../../web/styles/base.css" suffix(, )
0};
static const unsigned char asset_styles_controls_css[] = {
#embed "../../../web/styles/controls.css" suffix(, )
0};
static const unsigned char asset_styles_shell_css[] = {
#embed "../../../web/styles/shell.css" suffix(, )
0};
static const unsigned char asset_styles_tokens_css[] = {
#embed "../../../web/styles/tokens.css" suffix(, )
0};
static const unsigned char asset_views_experiments_experiments_css[] = {
#embed "../../../web/views/experiments/experiments.css" suffix(, )
0};
static const unsigned char asset_views_experiments_experiments_js[] = {
#embed "../../../web/views/experiments/experiments.js" suffix(, )
0};
static const unsigned char asset_views_index_js[] = {
#embed "../../../web/views/index.js" suffix(, )
0};
static const unsigned char asset_views_login_login_css[] = {
#embed "../../../web/views/login/login.css" suffix(, )
0};
static const unsigned char asset_views_login_login_js[] = {
#embed "../../../web/views/login/login.js" suffix(, )
0};
#if __has_embed("../../../web/vendor/dagre.min.js")
#define HAS_asset_vendor_dagre_min_js
static const unsigned char asset_vendor_dagre_min_js[] = {
#embed "../../../web/vendor/dagre.min.js" suffix(, )
0};
#else
#warning "web/vendor/dagre.min.js is missing, and the page will say so: run scripts/setup build, then build again"
#endif
#if __has_embed("../../../web/vendor/uPlot.iife.js")
#define HAS_asset_vendor_uPlot_iife_js
static const unsigned char asset_vendor_uPlot_iife_js[] = {
#embed "../../../web/vendor/uPlot.iife.js" suffix(, )
0};
#else
#warning "web/vendor/uPlot.iife.js is missing, and the page will say so: run scripts/setup build, then build again"
#endif
#if __has_embed("../../../web/vendor/uPlot.min.css")
#define HAS_asset_vendor_uPlot_min_css
static const unsigned char asset_vendor_uPlot_min_css[] = {
#embed "../../../web/vendor/uPlot.min.css" suffix(, )
0};
#else
#warning "web/vendor/uPlot.min.css is missing, and the page will say so: run scripts/setup build, then build again"
#endif

static const struct web_asset assets[] = {
    {"components/dialog.js", asset_components_dialog_js, sizeof asset_components_dialog_js - 1},
    {"components/emptyState.js", asset_components_emptyState_js, sizeof asset_components_emptyState_js - 1},
    {"components/errorBox.js", asset_components_errorBox_js, sizeof asset_components_errorBox_js - 1},
    {"components/menu.js", asset_components_menu_js, sizeof asset_components_menu_js - 1},
    {"components/palette.js", asset_components_palette_js, sizeof asset_components_palette_js - 1},
    {"components/state.js", asset_components_state_js, sizeof asset_components_state_js - 1},
    {"components/toast.js", asset_components_toast_js, sizeof asset_components_toast_js - 1},
    {"icon.svg", asset_icon_svg, sizeof asset_icon_svg - 1},
    {"index.html", asset_index_html, sizeof asset_index_html - 1},
    {"lib/api.js", asset_lib_api_js, sizeof asset_lib_api_js - 1},
    {"lib/assets.js", asset_lib_assets_js, sizeof asset_lib_assets_js - 1},
    {"lib/colours.js", asset_lib_colours_js, sizeof asset_lib_colours_js - 1},
    {"lib/dom.js", asset_lib_dom_js, sizeof asset_lib_dom_js - 1},
    {"lib/events.js", asset_lib_events_js, sizeof asset_lib_events_js - 1},
    {"lib/format.js", asset_lib_format_js, sizeof asset_lib_format_js - 1},
    {"lib/icons.js", asset_lib_icons_js, sizeof asset_lib_icons_js - 1},
    {"lib/keyboard.js", asset_lib_keyboard_js, sizeof asset_lib_keyboard_js - 1},
    {"lib/router.js", asset_lib_router_js, sizeof asset_lib_router_js - 1},
    {"lib/session.js", asset_lib_session_js, sizeof asset_lib_session_js - 1},
    {"lib/urlState.js", asset_lib_urlState_js, sizeof asset_lib_urlState_js - 1},
    {"main.js", asset_main_js, sizeof asset_main_js - 1},
    {"styles/base.css", asset_styles_base_css, sizeof asset_styles_base_css - 1},
    {"styles/controls.css", asset_styles_controls_css, sizeof asset_styles_controls_css - 1},
    {"styles/shell.css", asset_styles_shell_css, sizeof asset_styles_shell_css - 1},
    {"styles/tokens.css", asset_styles_tokens_css, sizeof asset_styles_tokens_css - 1},
    {"views/experiments/experiments.css", asset_views_experiments_experiments_css, sizeof asset_views_experiments_experiments_css - 1},
    {"views/experiments/experiments.js", asset_views_experiments_experiments_js, sizeof asset_views_experiments_experiments_js - 1},
    {"views/index.js", asset_views_index_js, sizeof asset_views_index_js - 1},
    {"views/login/login.css", asset_views_login_login_css, sizeof asset_views_login_login_css - 1},
    {"views/login/login.js", asset_views_login_login_js, sizeof asset_views_login_login_js - 1},
#ifdef HAS_asset_vendor_dagre_min_js
    {"vendor/dagre.min.js", asset_vendor_dagre_min_js, sizeof asset_vendor_dagre_min_js - 1},
#endif
#ifdef HAS_asset_vendor_uPlot_iife_js
    {"vendor/uPlot.iife.js", asset_vendor_uPlot_iife_js, sizeof asset_vendor_uPlot_iife_js - 1},
#endif
#ifdef HAS_asset_vendor_uPlot_min_css
    {"vendor/uPlot.min.css", asset_vendor_uPlot_min_css, sizeof asset_vendor_uPlot_min_css - 1},
#endif
};

size_t web_asset_count(void) { return sizeof assets / sizeof assets[0]; }

struct web_asset web_asset_at(size_t index) { return assets[index]; }
