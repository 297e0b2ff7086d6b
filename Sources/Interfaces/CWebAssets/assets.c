/* Written by scripts/web-assets. */
#include "CWebAssets.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char asset_analysis_correlation_js[] = {
#embed "../../../web/analysis/correlation.js" suffix(, )
0};
static const unsigned char asset_analysis_forest_js[] = {
#embed "../../../web/analysis/forest.js" suffix(, )
0};
static const unsigned char asset_analysis_importance_js[] = {
#embed "../../../web/analysis/importance.js" suffix(, )
0};
static const unsigned char asset_analysis_pareto_js[] = {
#embed "../../../web/analysis/pareto.js" suffix(, )
0};
static const unsigned char asset_analysis_rates_js[] = {
#embed "../../../web/analysis/rates.js" suffix(, )
0};
static const unsigned char asset_charts_axisText_js[] = {
#embed "../../../web/charts/axisText.js" suffix(, )
0};
static const unsigned char asset_charts_barPicture_js[] = {
#embed "../../../web/charts/barPicture.js" suffix(, )
0};
static const unsigned char asset_charts_bounds_js[] = {
#embed "../../../web/charts/bounds.js" suffix(, )
0};
static const unsigned char asset_charts_chartBoard_js[] = {
#embed "../../../web/charts/chartBoard.js" suffix(, )
0};
static const unsigned char asset_charts_chartCard_js[] = {
#embed "../../../web/charts/chartCard.js" suffix(, )
0};
static const unsigned char asset_charts_chartModel_js[] = {
#embed "../../../web/charts/chartModel.js" suffix(, )
0};
static const unsigned char asset_charts_chartSettings_js[] = {
#embed "../../../web/charts/chartSettings.js" suffix(, )
0};
static const unsigned char asset_charts_chartToolbar_js[] = {
#embed "../../../web/charts/chartToolbar.js" suffix(, )
0};
static const unsigned char asset_charts_download_js[] = {
#embed "../../../web/charts/download.js" suffix(, )
0};
static const unsigned char asset_charts_gestures_js[] = {
#embed "../../../web/charts/gestures.js" suffix(, )
0};
static const unsigned char asset_charts_grouping_js[] = {
#embed "../../../web/charts/grouping.js" suffix(, )
0};
static const unsigned char asset_charts_hover_js[] = {
#embed "../../../web/charts/hover.js" suffix(, )
0};
static const unsigned char asset_charts_lineChart_js[] = {
#embed "../../../web/charts/lineChart.js" suffix(, )
0};
static const unsigned char asset_charts_linePicture_js[] = {
#embed "../../../web/charts/linePicture.js" suffix(, )
0};
static const unsigned char asset_charts_paths_js[] = {
#embed "../../../web/charts/paths.js" suffix(, )
0};
static const unsigned char asset_charts_scale_js[] = {
#embed "../../../web/charts/scale.js" suffix(, )
0};
static const unsigned char asset_charts_scatterChart_js[] = {
#embed "../../../web/charts/scatterChart.js" suffix(, )
0};
static const unsigned char asset_charts_seriesSource_js[] = {
#embed "../../../web/charts/seriesSource.js" suffix(, )
0};
static const unsigned char asset_charts_surface_js[] = {
#embed "../../../web/charts/surface.js" suffix(, )
0};
static const unsigned char asset_charts_theme_js[] = {
#embed "../../../web/charts/theme.js" suffix(, )
0};
static const unsigned char asset_charts_tooltip_js[] = {
#embed "../../../web/charts/tooltip.js" suffix(, )
0};
static const unsigned char asset_components_colourMark_js[] = {
#embed "../../../web/components/colourMark.js" suffix(, )
0};
static const unsigned char asset_components_dataTable_js[] = {
#embed "../../../web/components/dataTable.js" suffix(, )
0};
static const unsigned char asset_components_dialog_js[] = {
#embed "../../../web/components/dialog.js" suffix(, )
0};
static const unsigned char asset_components_diffView_js[] = {
#embed "../../../web/components/diffView.js" suffix(, )
0};
static const unsigned char asset_components_emptyState_js[] = {
#embed "../../../web/components/emptyState.js" suffix(, )
0};
static const unsigned char asset_components_errorBox_js[] = {
#embed "../../../web/components/errorBox.js" suffix(, )
0};
static const unsigned char asset_components_graphLayout_js[] = {
#embed "../../../web/components/graphLayout.js" suffix(, )
0};
static const unsigned char asset_components_logView_js[] = {
#embed "../../../web/components/logView.js" suffix(, )
0};
static const unsigned char asset_components_menu_js[] = {
#embed "../../../web/components/menu.js" suffix(, )
0};
static const unsigned char asset_components_palette_js[] = {
#embed "../../../web/components/palette.js" suffix(, )
0};
static const unsigned char asset_components_panel_js[] = {
#embed "../../../web/components/panel.js" suffix(, )
0};
static const unsigned char asset_components_pipelineGraph_js[] = {
#embed "../../../web/components/pipelineGraph.js" suffix(, )
0};
static const unsigned char asset_components_preview_js[] = {
#embed "../../../web/components/preview.js" suffix(, )
0};
static const unsigned char asset_components_state_js[] = {
#embed "../../../web/components/state.js" suffix(, )
0};
static const unsigned char asset_components_tabs_js[] = {
#embed "../../../web/components/tabs.js" suffix(, )
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
static const unsigned char asset_lib_exported_js[] = {
#embed "../../../web/lib/exported.js" suffix(, )
0};
static const unsigned char asset_lib_exportedTable_js[] = {
#embed "../../../web/lib/exportedTable.js" suffix(, )
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
static const unsigned char asset_lib_runs_js[] = {
#embed "../../../web/lib/runs.js" suffix(, )
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
static const unsigned char asset_media_collect_js[] = {
#embed "../../../web/media/collect.js" suffix(, )
0};
static const unsigned char asset_media_confusion_js[] = {
#embed "../../../web/media/confusion.js" suffix(, )
0};
static const unsigned char asset_media_detect_js[] = {
#embed "../../../web/media/detect.js" suffix(, )
0};
static const unsigned char asset_media_media_css[] = {
#embed "../../../web/media/media.css" suffix(, )
0};
static const unsigned char asset_media_mediaBoard_js[] = {
#embed "../../../web/media/mediaBoard.js" suffix(, )
0};
static const unsigned char asset_styles_ansi_css[] = {
#embed "../../../web/styles/ansi.css" suffix(, )
0};
static const unsigned char asset_styles_base_css[] = {
#embed "../../../web/styles/base.css" suffix(, )
0};
static const unsigned char asset_styles_charts_css[] = {
#embed "../../../web/styles/charts.css" suffix(, )
0};
static const unsigned char asset_styles_controls_css[] = {
#embed "../../../web/styles/controls.css" suffix(, )
0};
static const unsigned char asset_styles_graph_css[] = {
#embed "../../../web/styles/graph.css" suffix(, )
0};
static const unsigned char asset_styles_shell_css[] = {
#embed "../../../web/styles/shell.css" suffix(, )
0};
static const unsigned char asset_styles_tokens_css[] = {
#embed "../../../web/styles/tokens.css" suffix(, )
0};
static const unsigned char asset_text_ansi_js[] = {
#embed "../../../web/text/ansi.js" suffix(, )
0};
static const unsigned char asset_text_delimited_js[] = {
#embed "../../../web/text/delimited.js" suffix(, )
0};
static const unsigned char asset_text_diff_js[] = {
#embed "../../../web/text/diff.js" suffix(, )
0};
static const unsigned char asset_text_markdown_js[] = {
#embed "../../../web/text/markdown.js" suffix(, )
0};
static const unsigned char asset_views_compare_charts_js[] = {
#embed "../../../web/views/compare/charts.js" suffix(, )
0};
static const unsigned char asset_views_compare_compare_css[] = {
#embed "../../../web/views/compare/compare.css" suffix(, )
0};
static const unsigned char asset_views_compare_compare_js[] = {
#embed "../../../web/views/compare/compare.js" suffix(, )
0};
static const unsigned char asset_views_compare_differences_js[] = {
#embed "../../../web/views/compare/differences.js" suffix(, )
0};
static const unsigned char asset_views_compare_divergence_js[] = {
#embed "../../../web/views/compare/divergence.js" suffix(, )
0};
static const unsigned char asset_views_compare_importance_js[] = {
#embed "../../../web/views/compare/importance.js" suffix(, )
0};
static const unsigned char asset_views_compare_media_js[] = {
#embed "../../../web/views/compare/media.js" suffix(, )
0};
static const unsigned char asset_views_compare_parallel_js[] = {
#embed "../../../web/views/compare/parallel.js" suffix(, )
0};
static const unsigned char asset_views_compare_population_js[] = {
#embed "../../../web/views/compare/population.js" suffix(, )
0};
static const unsigned char asset_views_compare_scatter_js[] = {
#embed "../../../web/views/compare/scatter.js" suffix(, )
0};
static const unsigned char asset_views_compare_stages_js[] = {
#embed "../../../web/views/compare/stages.js" suffix(, )
0};
static const unsigned char asset_views_data_data_css[] = {
#embed "../../../web/views/data/data.css" suffix(, )
0};
static const unsigned char asset_views_data_data_js[] = {
#embed "../../../web/views/data/data.js" suffix(, )
0};
static const unsigned char asset_views_data_versions_js[] = {
#embed "../../../web/views/data/versions.js" suffix(, )
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
static const unsigned char asset_views_launch_launch_css[] = {
#embed "../../../web/views/launch/launch.css" suffix(, )
0};
static const unsigned char asset_views_launch_launch_js[] = {
#embed "../../../web/views/launch/launch.js" suffix(, )
0};
static const unsigned char asset_views_launch_paramField_js[] = {
#embed "../../../web/views/launch/paramField.js" suffix(, )
0};
static const unsigned char asset_views_login_login_css[] = {
#embed "../../../web/views/login/login.css" suffix(, )
0};
static const unsigned char asset_views_login_login_js[] = {
#embed "../../../web/views/login/login.js" suffix(, )
0};
static const unsigned char asset_views_models_model_js[] = {
#embed "../../../web/views/models/model.js" suffix(, )
0};
static const unsigned char asset_views_models_models_css[] = {
#embed "../../../web/views/models/models.css" suffix(, )
0};
static const unsigned char asset_views_models_models_js[] = {
#embed "../../../web/views/models/models.js" suffix(, )
0};
static const unsigned char asset_views_pipeline_runGraph_js[] = {
#embed "../../../web/views/pipeline/runGraph.js" suffix(, )
0};
static const unsigned char asset_views_pipeline_stagePanel_js[] = {
#embed "../../../web/views/pipeline/stagePanel.js" suffix(, )
0};
static const unsigned char asset_views_pipeline_workspaceGraph_js[] = {
#embed "../../../web/views/pipeline/workspaceGraph.js" suffix(, )
0};
static const unsigned char asset_views_run_charts_js[] = {
#embed "../../../web/views/run/charts.js" suffix(, )
0};
static const unsigned char asset_views_run_code_js[] = {
#embed "../../../web/views/run/code.js" suffix(, )
0};
static const unsigned char asset_views_run_files_js[] = {
#embed "../../../web/views/run/files.js" suffix(, )
0};
static const unsigned char asset_views_run_graph_js[] = {
#embed "../../../web/views/run/graph.js" suffix(, )
0};
static const unsigned char asset_views_run_head_js[] = {
#embed "../../../web/views/run/head.js" suffix(, )
0};
static const unsigned char asset_views_run_logs_js[] = {
#embed "../../../web/views/run/logs.js" suffix(, )
0};
static const unsigned char asset_views_run_media_js[] = {
#embed "../../../web/views/run/media.js" suffix(, )
0};
static const unsigned char asset_views_run_notes_js[] = {
#embed "../../../web/views/run/notes.js" suffix(, )
0};
static const unsigned char asset_views_run_overview_js[] = {
#embed "../../../web/views/run/overview.js" suffix(, )
0};
static const unsigned char asset_views_run_run_css[] = {
#embed "../../../web/views/run/run.css" suffix(, )
0};
static const unsigned char asset_views_run_run_js[] = {
#embed "../../../web/views/run/run.js" suffix(, )
0};
static const unsigned char asset_views_run_stages_js[] = {
#embed "../../../web/views/run/stages.js" suffix(, )
0};
static const unsigned char asset_views_run_tags_js[] = {
#embed "../../../web/views/run/tags.js" suffix(, )
0};
static const unsigned char asset_views_run_valueTable_js[] = {
#embed "../../../web/views/run/valueTable.js" suffix(, )
0};
static const unsigned char asset_views_runs_cells_js[] = {
#embed "../../../web/views/runs/cells.js" suffix(, )
0};
static const unsigned char asset_views_runs_columnPanel_js[] = {
#embed "../../../web/views/runs/columnPanel.js" suffix(, )
0};
static const unsigned char asset_views_runs_columns_js[] = {
#embed "../../../web/views/runs/columns.js" suffix(, )
0};
static const unsigned char asset_views_runs_filterBox_js[] = {
#embed "../../../web/views/runs/filterBox.js" suffix(, )
0};
static const unsigned char asset_views_runs_grid_js[] = {
#embed "../../../web/views/runs/grid.js" suffix(, )
0};
static const unsigned char asset_views_runs_menus_js[] = {
#embed "../../../web/views/runs/menus.js" suffix(, )
0};
static const unsigned char asset_views_runs_model_js[] = {
#embed "../../../web/views/runs/model.js" suffix(, )
0};
static const unsigned char asset_views_runs_runs_css[] = {
#embed "../../../web/views/runs/runs.css" suffix(, )
0};
static const unsigned char asset_views_runs_runs_js[] = {
#embed "../../../web/views/runs/runs.js" suffix(, )
0};
static const unsigned char asset_views_runs_savedViews_js[] = {
#embed "../../../web/views/runs/savedViews.js" suffix(, )
0};
static const unsigned char asset_views_runs_selection_js[] = {
#embed "../../../web/views/runs/selection.js" suffix(, )
0};
static const unsigned char asset_views_runs_tableState_js[] = {
#embed "../../../web/views/runs/tableState.js" suffix(, )
0};
#if __has_embed("../../../web/vendor/dagre.min.js")
#define HAS_asset_vendor_dagre_min_js
static const unsigned char asset_vendor_dagre_min_js[] = {
#embed "../../../web/vendor/dagre.min.js" suffix(, )
0};
#else
#warning "web/vendor/dagre.min.js is missing, and the page will say so: run scripts/setup build, then build again"
#endif

static const struct web_asset assets[] = {
    {"analysis/correlation.js", asset_analysis_correlation_js, sizeof asset_analysis_correlation_js - 1},
    {"analysis/forest.js", asset_analysis_forest_js, sizeof asset_analysis_forest_js - 1},
    {"analysis/importance.js", asset_analysis_importance_js, sizeof asset_analysis_importance_js - 1},
    {"analysis/pareto.js", asset_analysis_pareto_js, sizeof asset_analysis_pareto_js - 1},
    {"analysis/rates.js", asset_analysis_rates_js, sizeof asset_analysis_rates_js - 1},
    {"charts/axisText.js", asset_charts_axisText_js, sizeof asset_charts_axisText_js - 1},
    {"charts/barPicture.js", asset_charts_barPicture_js, sizeof asset_charts_barPicture_js - 1},
    {"charts/bounds.js", asset_charts_bounds_js, sizeof asset_charts_bounds_js - 1},
    {"charts/chartBoard.js", asset_charts_chartBoard_js, sizeof asset_charts_chartBoard_js - 1},
    {"charts/chartCard.js", asset_charts_chartCard_js, sizeof asset_charts_chartCard_js - 1},
    {"charts/chartModel.js", asset_charts_chartModel_js, sizeof asset_charts_chartModel_js - 1},
    {"charts/chartSettings.js", asset_charts_chartSettings_js, sizeof asset_charts_chartSettings_js - 1},
    {"charts/chartToolbar.js", asset_charts_chartToolbar_js, sizeof asset_charts_chartToolbar_js - 1},
    {"charts/download.js", asset_charts_download_js, sizeof asset_charts_download_js - 1},
    {"charts/gestures.js", asset_charts_gestures_js, sizeof asset_charts_gestures_js - 1},
    {"charts/grouping.js", asset_charts_grouping_js, sizeof asset_charts_grouping_js - 1},
    {"charts/hover.js", asset_charts_hover_js, sizeof asset_charts_hover_js - 1},
    {"charts/lineChart.js", asset_charts_lineChart_js, sizeof asset_charts_lineChart_js - 1},
    {"charts/linePicture.js", asset_charts_linePicture_js, sizeof asset_charts_linePicture_js - 1},
    {"charts/paths.js", asset_charts_paths_js, sizeof asset_charts_paths_js - 1},
    {"charts/scale.js", asset_charts_scale_js, sizeof asset_charts_scale_js - 1},
    {"charts/scatterChart.js", asset_charts_scatterChart_js, sizeof asset_charts_scatterChart_js - 1},
    {"charts/seriesSource.js", asset_charts_seriesSource_js, sizeof asset_charts_seriesSource_js - 1},
    {"charts/surface.js", asset_charts_surface_js, sizeof asset_charts_surface_js - 1},
    {"charts/theme.js", asset_charts_theme_js, sizeof asset_charts_theme_js - 1},
    {"charts/tooltip.js", asset_charts_tooltip_js, sizeof asset_charts_tooltip_js - 1},
    {"components/colourMark.js", asset_components_colourMark_js, sizeof asset_components_colourMark_js - 1},
    {"components/dataTable.js", asset_components_dataTable_js, sizeof asset_components_dataTable_js - 1},
    {"components/dialog.js", asset_components_dialog_js, sizeof asset_components_dialog_js - 1},
    {"components/diffView.js", asset_components_diffView_js, sizeof asset_components_diffView_js - 1},
    {"components/emptyState.js", asset_components_emptyState_js, sizeof asset_components_emptyState_js - 1},
    {"components/errorBox.js", asset_components_errorBox_js, sizeof asset_components_errorBox_js - 1},
    {"components/graphLayout.js", asset_components_graphLayout_js, sizeof asset_components_graphLayout_js - 1},
    {"components/logView.js", asset_components_logView_js, sizeof asset_components_logView_js - 1},
    {"components/menu.js", asset_components_menu_js, sizeof asset_components_menu_js - 1},
    {"components/palette.js", asset_components_palette_js, sizeof asset_components_palette_js - 1},
    {"components/panel.js", asset_components_panel_js, sizeof asset_components_panel_js - 1},
    {"components/pipelineGraph.js", asset_components_pipelineGraph_js, sizeof asset_components_pipelineGraph_js - 1},
    {"components/preview.js", asset_components_preview_js, sizeof asset_components_preview_js - 1},
    {"components/state.js", asset_components_state_js, sizeof asset_components_state_js - 1},
    {"components/tabs.js", asset_components_tabs_js, sizeof asset_components_tabs_js - 1},
    {"components/toast.js", asset_components_toast_js, sizeof asset_components_toast_js - 1},
    {"icon.svg", asset_icon_svg, sizeof asset_icon_svg - 1},
    {"index.html", asset_index_html, sizeof asset_index_html - 1},
    {"lib/api.js", asset_lib_api_js, sizeof asset_lib_api_js - 1},
    {"lib/assets.js", asset_lib_assets_js, sizeof asset_lib_assets_js - 1},
    {"lib/colours.js", asset_lib_colours_js, sizeof asset_lib_colours_js - 1},
    {"lib/dom.js", asset_lib_dom_js, sizeof asset_lib_dom_js - 1},
    {"lib/events.js", asset_lib_events_js, sizeof asset_lib_events_js - 1},
    {"lib/exported.js", asset_lib_exported_js, sizeof asset_lib_exported_js - 1},
    {"lib/exportedTable.js", asset_lib_exportedTable_js, sizeof asset_lib_exportedTable_js - 1},
    {"lib/format.js", asset_lib_format_js, sizeof asset_lib_format_js - 1},
    {"lib/icons.js", asset_lib_icons_js, sizeof asset_lib_icons_js - 1},
    {"lib/keyboard.js", asset_lib_keyboard_js, sizeof asset_lib_keyboard_js - 1},
    {"lib/router.js", asset_lib_router_js, sizeof asset_lib_router_js - 1},
    {"lib/runs.js", asset_lib_runs_js, sizeof asset_lib_runs_js - 1},
    {"lib/session.js", asset_lib_session_js, sizeof asset_lib_session_js - 1},
    {"lib/urlState.js", asset_lib_urlState_js, sizeof asset_lib_urlState_js - 1},
    {"main.js", asset_main_js, sizeof asset_main_js - 1},
    {"media/collect.js", asset_media_collect_js, sizeof asset_media_collect_js - 1},
    {"media/confusion.js", asset_media_confusion_js, sizeof asset_media_confusion_js - 1},
    {"media/detect.js", asset_media_detect_js, sizeof asset_media_detect_js - 1},
    {"media/media.css", asset_media_media_css, sizeof asset_media_media_css - 1},
    {"media/mediaBoard.js", asset_media_mediaBoard_js, sizeof asset_media_mediaBoard_js - 1},
    {"styles/ansi.css", asset_styles_ansi_css, sizeof asset_styles_ansi_css - 1},
    {"styles/base.css", asset_styles_base_css, sizeof asset_styles_base_css - 1},
    {"styles/charts.css", asset_styles_charts_css, sizeof asset_styles_charts_css - 1},
    {"styles/controls.css", asset_styles_controls_css, sizeof asset_styles_controls_css - 1},
    {"styles/graph.css", asset_styles_graph_css, sizeof asset_styles_graph_css - 1},
    {"styles/shell.css", asset_styles_shell_css, sizeof asset_styles_shell_css - 1},
    {"styles/tokens.css", asset_styles_tokens_css, sizeof asset_styles_tokens_css - 1},
    {"text/ansi.js", asset_text_ansi_js, sizeof asset_text_ansi_js - 1},
    {"text/delimited.js", asset_text_delimited_js, sizeof asset_text_delimited_js - 1},
    {"text/diff.js", asset_text_diff_js, sizeof asset_text_diff_js - 1},
    {"text/markdown.js", asset_text_markdown_js, sizeof asset_text_markdown_js - 1},
    {"views/compare/charts.js", asset_views_compare_charts_js, sizeof asset_views_compare_charts_js - 1},
    {"views/compare/compare.css", asset_views_compare_compare_css, sizeof asset_views_compare_compare_css - 1},
    {"views/compare/compare.js", asset_views_compare_compare_js, sizeof asset_views_compare_compare_js - 1},
    {"views/compare/differences.js", asset_views_compare_differences_js, sizeof asset_views_compare_differences_js - 1},
    {"views/compare/divergence.js", asset_views_compare_divergence_js, sizeof asset_views_compare_divergence_js - 1},
    {"views/compare/importance.js", asset_views_compare_importance_js, sizeof asset_views_compare_importance_js - 1},
    {"views/compare/media.js", asset_views_compare_media_js, sizeof asset_views_compare_media_js - 1},
    {"views/compare/parallel.js", asset_views_compare_parallel_js, sizeof asset_views_compare_parallel_js - 1},
    {"views/compare/population.js", asset_views_compare_population_js, sizeof asset_views_compare_population_js - 1},
    {"views/compare/scatter.js", asset_views_compare_scatter_js, sizeof asset_views_compare_scatter_js - 1},
    {"views/compare/stages.js", asset_views_compare_stages_js, sizeof asset_views_compare_stages_js - 1},
    {"views/data/data.css", asset_views_data_data_css, sizeof asset_views_data_data_css - 1},
    {"views/data/data.js", asset_views_data_data_js, sizeof asset_views_data_data_js - 1},
    {"views/data/versions.js", asset_views_data_versions_js, sizeof asset_views_data_versions_js - 1},
    {"views/experiments/experiments.css", asset_views_experiments_experiments_css, sizeof asset_views_experiments_experiments_css - 1},
    {"views/experiments/experiments.js", asset_views_experiments_experiments_js, sizeof asset_views_experiments_experiments_js - 1},
    {"views/index.js", asset_views_index_js, sizeof asset_views_index_js - 1},
    {"views/launch/launch.css", asset_views_launch_launch_css, sizeof asset_views_launch_launch_css - 1},
    {"views/launch/launch.js", asset_views_launch_launch_js, sizeof asset_views_launch_launch_js - 1},
    {"views/launch/paramField.js", asset_views_launch_paramField_js, sizeof asset_views_launch_paramField_js - 1},
    {"views/login/login.css", asset_views_login_login_css, sizeof asset_views_login_login_css - 1},
    {"views/login/login.js", asset_views_login_login_js, sizeof asset_views_login_login_js - 1},
    {"views/models/model.js", asset_views_models_model_js, sizeof asset_views_models_model_js - 1},
    {"views/models/models.css", asset_views_models_models_css, sizeof asset_views_models_models_css - 1},
    {"views/models/models.js", asset_views_models_models_js, sizeof asset_views_models_models_js - 1},
    {"views/pipeline/runGraph.js", asset_views_pipeline_runGraph_js, sizeof asset_views_pipeline_runGraph_js - 1},
    {"views/pipeline/stagePanel.js", asset_views_pipeline_stagePanel_js, sizeof asset_views_pipeline_stagePanel_js - 1},
    {"views/pipeline/workspaceGraph.js", asset_views_pipeline_workspaceGraph_js, sizeof asset_views_pipeline_workspaceGraph_js - 1},
    {"views/run/charts.js", asset_views_run_charts_js, sizeof asset_views_run_charts_js - 1},
    {"views/run/code.js", asset_views_run_code_js, sizeof asset_views_run_code_js - 1},
    {"views/run/files.js", asset_views_run_files_js, sizeof asset_views_run_files_js - 1},
    {"views/run/graph.js", asset_views_run_graph_js, sizeof asset_views_run_graph_js - 1},
    {"views/run/head.js", asset_views_run_head_js, sizeof asset_views_run_head_js - 1},
    {"views/run/logs.js", asset_views_run_logs_js, sizeof asset_views_run_logs_js - 1},
    {"views/run/media.js", asset_views_run_media_js, sizeof asset_views_run_media_js - 1},
    {"views/run/notes.js", asset_views_run_notes_js, sizeof asset_views_run_notes_js - 1},
    {"views/run/overview.js", asset_views_run_overview_js, sizeof asset_views_run_overview_js - 1},
    {"views/run/run.css", asset_views_run_run_css, sizeof asset_views_run_run_css - 1},
    {"views/run/run.js", asset_views_run_run_js, sizeof asset_views_run_run_js - 1},
    {"views/run/stages.js", asset_views_run_stages_js, sizeof asset_views_run_stages_js - 1},
    {"views/run/tags.js", asset_views_run_tags_js, sizeof asset_views_run_tags_js - 1},
    {"views/run/valueTable.js", asset_views_run_valueTable_js, sizeof asset_views_run_valueTable_js - 1},
    {"views/runs/cells.js", asset_views_runs_cells_js, sizeof asset_views_runs_cells_js - 1},
    {"views/runs/columnPanel.js", asset_views_runs_columnPanel_js, sizeof asset_views_runs_columnPanel_js - 1},
    {"views/runs/columns.js", asset_views_runs_columns_js, sizeof asset_views_runs_columns_js - 1},
    {"views/runs/filterBox.js", asset_views_runs_filterBox_js, sizeof asset_views_runs_filterBox_js - 1},
    {"views/runs/grid.js", asset_views_runs_grid_js, sizeof asset_views_runs_grid_js - 1},
    {"views/runs/menus.js", asset_views_runs_menus_js, sizeof asset_views_runs_menus_js - 1},
    {"views/runs/model.js", asset_views_runs_model_js, sizeof asset_views_runs_model_js - 1},
    {"views/runs/runs.css", asset_views_runs_runs_css, sizeof asset_views_runs_runs_css - 1},
    {"views/runs/runs.js", asset_views_runs_runs_js, sizeof asset_views_runs_runs_js - 1},
    {"views/runs/savedViews.js", asset_views_runs_savedViews_js, sizeof asset_views_runs_savedViews_js - 1},
    {"views/runs/selection.js", asset_views_runs_selection_js, sizeof asset_views_runs_selection_js - 1},
    {"views/runs/tableState.js", asset_views_runs_tableState_js, sizeof asset_views_runs_tableState_js - 1},
#ifdef HAS_asset_vendor_dagre_min_js
    {"vendor/dagre.min.js", asset_vendor_dagre_min_js, sizeof asset_vendor_dagre_min_js - 1},
#endif
};

size_t web_asset_count(void) { return sizeof assets / sizeof assets[0]; }

struct web_asset web_asset_at(size_t index) { return assets[index]; }
